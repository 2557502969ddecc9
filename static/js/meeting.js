/* A meeting that is planned and held: the clock of an item, the order of the agenda, what is typed one after the other, the line of an aftale, the keys of the screen on the wall. */
(() => {
  /* Single-key shortcuts: only where the page opts in, never while typing, and the user can switch them off (WCAG 2.1.4). */
  document.addEventListener("keydown", e => {
    const area = document.querySelector("[data-keys]"), off = document.getElementById("genveje")?.checked === false;
    if (!area || off || e.ctrlKey || e.altKey || e.metaKey) return;
    if (e.target.closest("input:not([type=checkbox],[type=radio]),textarea,select,dialog,[contenteditable]")) return;
    const hit = area.querySelector(`[data-key~="${CSS.escape(e.key.toLowerCase())}"]`);
    if (!hit) return;
    e.preventDefault();
    hit.focus();
    if (!hit.matches("input:not([type=radio],[type=checkbox]),textarea,select")) hit.click();
  });

  /* A choice that hangs on another: only the group that is called as what is chosen there. */
  const narrow = () => {
    for (const select of document.querySelectorAll("form[data-narrow] select[data-of]")) {
      const wanted = select.form.elements[select.dataset.of]?.selectedOptions[0]?.label;
      for (const group of select.querySelectorAll("optgroup")) group.hidden = group.disabled = group.label !== wanted;
      if (select.selectedOptions[0]?.parentElement.disabled) select.selectedIndex = 0;
    }
  };
  narrow();
  document.addEventListener("change", narrow);
  addEventListener("pageshow", narrow);

  /* The clock of an item counts on from what the server said: the clock of this machine may be wrong. */
  const started = new WeakMap();
  const two = number => String(number).padStart(2, "0");
  setInterval(() => {
    for (const clock of document.querySelectorAll("[data-clock]")) {
      if (!started.has(clock)) started.set(clock, performance.now());
      const seconds = Number(clock.dataset.clock) + Math.floor((performance.now() - started.get(clock)) / 1000), hours = Math.floor(seconds / 3600);
      const minutes = Math.floor(seconds / 60) % 60, isOver = seconds > (clock.dataset.planned || Infinity) * 60;
      clock.querySelector("[data-reading]").textContent = `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
      clock.classList.toggle("late", isOver);
      clock.querySelector("[data-over]").hidden = !isOver;
    }
  }, 1000);

  /* Drag an item of an agenda among its equals; the up and down buttons do the same for the keyboard. */
  let dragged = null;
  const equals = row => [...row.parentElement.querySelectorAll("[data-drop]")].filter(other => other.dataset.drag === row.dataset.drag);
  const rowOf = e => e.target.closest?.("[data-drop]");
  document.addEventListener("pointerdown", e => { const row = rowOf(e); if (row) row.draggable = !e.target.closest("a,button,input"); });
  document.addEventListener("dragstart", e => { dragged = rowOf(e) || null; if (dragged) e.dataTransfer.effectAllowed = "move"; });
  document.addEventListener("dragover", e => {
    const row = dragged && rowOf(e);
    for (const other of document.querySelectorAll(".drop")) other.classList.toggle("drop", other === row);
    if (row && row !== dragged && row.dataset.drag === dragged.dataset.drag) { e.preventDefault(); row.classList.add("drop"); }
  });
  document.addEventListener("drop", e => {
    const row = dragged && rowOf(e);
    if (!row || row.dataset.drag !== dragged.dataset.drag) return;
    e.preventDefault();
    const target = dragged.closest("[hx-target]");
    window.htmx?.ajax("POST", dragged.dataset.drop, { source: dragged, target, swap: "outerHTML", values: { plads: equals(row).indexOf(row) + 1 } });
  });
  document.addEventListener("dragend", () => { dragged = null; for (const row of document.querySelectorAll(".drop")) row.classList.remove("drop"); });

  /* What is typed while an answer is on its way stands in the form that the answer brings: who writes one item after the other does not wait. */
  const onTheWay = new Map(), typed = new Map();
  const written = form => [...form.elements].filter(field => field.name && field.matches("textarea,input:not([type=hidden],[type=checkbox],[type=radio])"));
  document.addEventListener("htmx:beforeRequest", e => {
    const form = e.detail.elt;
    if (form.matches("form[hx-post]")) onTheWay.set(form, new Map(written(form).map(field => [field.name, field.value])));
  });
  document.addEventListener("htmx:beforeSwap", e => {
    const form = e.detail.requestConfig.elt, was = onTheWay.get(form);
    onTheWay.delete(form);
    if (!was) return;
    const isRefused = e.detail.xhr.status >= 400;
    typed.set(form.getAttribute("hx-post"), written(form).filter(field => field.value !== was.get(field.name)).map(field => {
      const before = was.get(field.name), after = field.value;  /* a refusal brings back what was sent: then both are kept */
      return [field.name, isRefused && before && after && field.type !== "number" && !after.startsWith(before) ? `${before} / ${after}` : after];
    }));
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const [address, fields] of typed) {
      const form = document.querySelector(`form[hx-post="${CSS.escape(address)}"]`);
      for (const [name, value] of fields) if (form?.elements[name]) form.elements[name].value = value;
    }
    typed.clear();
  });

  /* The line of an aftale is sent with the text beside it where no script runs. Here it is a form of its own, and what is typed in it still
     goes along with the text: nobody loses it who forgets to add it. One that is on its way is waited for, or it would be made twice. Stands
     last: what was typed meanwhile is in its place before the text is sent. */
  const apart = () => { for (const field of document.querySelectorAll('#aftale [form]')) field.removeAttribute("form"); };
  apart();
  document.addEventListener("htmx:afterSwap", apart);
  const lineOf = form => form.dataset.along && document.getElementById(form.dataset.along);
  document.addEventListener("formdata", e => {
    const line = lineOf(e.target);
    if (line) for (const [name, value] of new FormData(line)) if (name !== "csrfmiddlewaretoken") e.formData.set(name, value);
  });
  let waiting = null;
  document.addEventListener("submit", e => {
    if (e.defaultPrevented || !lineOf(e.target)?.matches(".htmx-request")) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    waiting = e;
  }, true);
  document.addEventListener("htmx:afterSettle", () => {
    const { target, submitter } = waiting || {};
    waiting = null;
    target?.requestSubmit(submitter);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => { waiting = null; });
})();
