/* Progressive enhancement only: every action also works as a plain link or form.
   All words come from the server: data-say-* on <body>. No text is kept in the browser's storage. */
(() => {
  const texts = document.body.dataset;
  const status = document.getElementById("status");
  const say = text => { if (status && text) status.textContent = text; };
  const time = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

  /* A short message that is seen and read aloud; at most one at a time. */
  const toast = (text, link) => {
    document.querySelector(".toast")?.remove();
    const box = document.createElement("div");
    box.className = "toast";
    box.setAttribute("role", "alert");
    box.append(text);
    if (link) box.append(" ", link);
    document.body.append(box);
    if (!link) setTimeout(() => box.remove(), 8000);
  };
  const loginLink = () => {
    const a = document.createElement("a");
    a.href = texts.loginUrl;
    a.target = "_blank";
    a.rel = "noopener";
    a.textContent = texts.sayLoginLink;
    return a;
  };
  const isLogin = url => Boolean(texts.loginUrl) && Boolean(url) && new URL(url, location.href).pathname.startsWith(texts.loginUrl);

  /* After a new login the token of an old page is no longer good; the cookie always has the right one. */
  const freshToken = () => decodeURIComponent((document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/) || [])[1] || "");
  const anyToken = () => freshToken() || document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";

  /* htmx: the token, an ended session, a failure, and where focus goes. */
  document.addEventListener("htmx:configRequest", e => {
    e.detail.headers["X-CSRFToken"] = anyToken();
    if (freshToken()) delete e.detail.parameters.csrfmiddlewaretoken;
  });
  document.addEventListener("htmx:beforeSwap", e => {
    if (!isLogin(e.detail.xhr.responseURL)) return;
    e.detail.shouldSwap = false;
    toast(texts.sayLogin, loginLink());
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, e => {
    if (e.detail.xhr?.status === 401) toast(texts.sayLogin, loginLink());
    else toast(texts.sayFailed);
  });
  document.addEventListener("htmx:afterRequest", e => { if (e.detail.successful) say((e.detail.requestConfig?.elt || e.detail.elt).dataset?.said); });
  const showErrors = root => root.querySelector("[data-errors]")?.focus();
  document.addEventListener("htmx:afterSettle", e => showErrors(e.detail.elt.parentElement || e.detail.elt));
  showErrors(document);

  /* Dialogs, print, menus */
  document.addEventListener("click", e => {
    const opener = e.target.closest("[data-open]");
    const dialog = opener && document.getElementById(opener.dataset.open);
    if (dialog?.showModal) { e.preventDefault(); dialog.showModal(); }
    const closer = e.target.closest("[data-close]");
    if (closer) { e.preventDefault(); closer.closest("dialog")?.close(); }
    if (e.target.closest("[data-print]")) window.print();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false;
  });
  document.addEventListener("keydown", e => {
    const menu = e.key === "Escape" && e.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  /* A field that takes several names: what is offered goes on after the last «og» or comma. */
  document.addEventListener("input", e => {
    const field = e.target.closest?.("[data-several]"), options = [...field?.list?.options || []], typed = field?.value.toLowerCase();
    for (const option of options) option.dataset.name ||= option.value;
    const isWhole = options.some(option => option.dataset.name.toLowerCase().startsWith(typed));
    const before = isWhole ? "" : field?.value.match(/^.*(?:[,;&]|\s(?:og|and))\s+/i)?.[0] || "";
    for (const option of options) option.value = before + option.dataset.name;
  });

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
  /* Ctrl+Enter: done with this item. Ctrl+S: save. Both have a visible button. */
  document.addEventListener("keydown", e => {
    if (!(e.ctrlKey || e.metaKey)) return;
    const wanted = { Enter: "[data-done]", s: "[data-save]" }[e.key];
    const button = wanted && document.querySelector(wanted);
    if (button) { e.preventDefault(); button.click(); }
  });

  /* Autosave: form[data-autosave], two seconds after typing and when a field is left.
     The server answers 2xx (with X-Version, the new value of the field "version", if the form has one), 409 with the
     part that shows both texts (put into the form's [data-conflict]), or 422. */
  const PAUSE = 2000, RETRY = [5000, 15000, 60000];
  const forms = new Map();
  const stateOf = form => {
    if (!forms.has(form)) forms.set(form, { dirty: false, busy: false, stopped: false, failures: 0, timer: 0 });
    return forms.get(form);
  };
  const tell = (form, text, isBad) => {
    const place = form.querySelector("[data-saved]") || (form.id && document.querySelector(`[data-saved="${CSS.escape(form.id)}"]`));
    if (place) { place.textContent = text; place.classList.toggle("late", Boolean(isBad)); }
    return text;
  };
  const later = (form, wait) => {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(save, wait, form);
  };
  const failed = (form, text, retry) => {
    const state = stateOf(form);
    state.dirty = true;
    /* Said once, not at every retry. */
    if (!state.failures) say(text);
    tell(form, text, true);
    if (retry) later(form, RETRY[Math.min(state.failures, RETRY.length - 1)]);
    state.failures += 1;
  };
  const conflict = async (form, response) => {
    stateOf(form).stopped = true;
    const place = form.querySelector("[data-conflict]");
    if (place) { place.innerHTML = await response.text(); window.htmx?.process(place); }
    failed(form, texts.sayConflict, false);
  };
  const saved = (form, response) => {
    const state = stateOf(form), version = response.headers.get("X-Version");
    if (version && form.elements.version) form.elements.version.value = version;
    const wasBad = state.failures > 0;
    state.failures = 0;
    document.querySelector(".toast")?.remove();
    const text = tell(form, texts.saySaved.replace("{time}", time()));
    if (wasBad || !state.said) say(text);
    form.dispatchEvent(new CustomEvent("saved"));
    state.said = true;
    if (state.dirty) later(form, PAUSE);
  };
  async function save(form, keepalive = false) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    if (!state.dirty || state.busy || state.stopped || !form.isConnected) return;
    state.busy = true;
    state.dirty = false;
    const body = new FormData(form), token = freshToken();
    if (token) body.delete("csrfmiddlewaretoken");
    if (!state.failures) tell(form, texts.saySaving);
    try {
      const response = await fetch(form.dataset.autosave || form.action, {
        method: "POST", body, keepalive, headers: { "X-Autosave": "1", ...(token && { "X-CSRFToken": token }) },
      });
      const { waiting } = state;
      state.busy = false;
      state.waiting = null;
      if (response.status === 401 || isLogin(response.url)) {
        if (!state.failures) toast(texts.sayLogin, loginLink());
        failed(form, texts.sayLogin, true);
      } else if (response.ok) {
        saved(form, response);
        if (waiting) form.requestSubmit(waiting.submitter);
      } else if (response.status === 409) await conflict(form, response);
      else {
        failed(form, response.status < 500 ? texts.sayRefused : texts.sayUnsaved, response.status >= 500);
        state.refused = response.status < 500;
        if (waiting && state.refused) form.requestSubmit(waiting.submitter);  /* the page that comes says what is wrong, beside the text */
      }
    } catch {
      state.busy = false;
      state.waiting = null;
      failed(form, texts.sayUnsaved, true);
    }
  }
  /* A page that came with text which is not saved: two texts put together, or a conflict that waits for a choice. */
  for (const form of document.querySelectorAll("form[data-autosave][data-unsaved]")) Object.assign(stateOf(form), { dirty: true, stopped: form.dataset.unsaved === "conflict" });
  const autosaved = e => e.target.closest?.("form[data-autosave]");
  /* What was ticked and is not saved: form -> box -> ticked. A form that is drawn anew while one uses it keeps it, and is not
     drawn under a finger that presses: the press would tick nothing. */
  const guarded = new Map(), sent = new Map(), kept = new Map();
  const boxKey = box => `${box.name}=${box.value}`;
  const tick = (form, box) => {
    const ticked = guarded.get(form) || new Map();
    ticked.delete(boxKey(box));
    if (box.matches("[type=checkbox],[type=radio]")) ticked.set(boxKey(box), box.checked);
    guarded.set(form, ticked);
  };
  let pressed = null, held = null;
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, e => { pressed = e.target; });
  for (const name of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(name, () => {
    pressed = null;
    if (held) window.htmx.trigger(held, "again");
    held = null;
  });
  document.addEventListener("htmx:beforeSwap", e => {
    const form = e.detail.target;
    if (!e.detail.shouldSwap || !form.matches("form[data-guard]")) return;
    if (e.detail.requestConfig.verb === "get" && form.contains(pressed)) { e.detail.shouldSwap = false; held = e.detail.requestConfig.elt; }
    else if (guarded.has(form)) kept.set(form.id, guarded.get(form));
  });
  document.addEventListener("htmx:afterSettle", e => {
    const form = e.target, ticked = kept.get(form.id);
    if (!ticked) return;
    kept.delete(form.id);
    for (const [key, checked] of ticked) for (const box of form.elements) if (boxKey(box) === key && (checked || box.type === "checkbox")) box.checked = checked;
    guarded.set(form, ticked);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, e => {
    const form = e.detail.elt;
    if (sent.has(form)) guarded.set(form, new Map([...sent.get(form), ...guarded.get(form) || []]));
  });
  document.addEventListener("input", e => {
    const form = autosaved(e);
    if (form) { Object.assign(stateOf(form), { dirty: true, refused: false }); later(form, PAUSE); }
    else if (e.target.closest("form[data-guard]")) tick(e.target.closest("form"), e.target);
  });
  document.addEventListener("focusout", e => { const form = autosaved(e); if (form && !stateOf(form).failures) save(form); });
  addEventListener("online", () => { for (const form of forms.keys()) save(form); });
  addEventListener("focus", () => { for (const [form, state] of forms) if (state.failures) save(form); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) for (const form of forms.keys()) save(form, true); });

  /* An ordinary submit takes over from autosave, with a token that is still good. What is not saved yet is saved first:
     without network or login a submit would leave the page, and the text with it. The submit then carries the version
     which that save gives, or it would look like somebody else's text. */
  document.addEventListener("submit", e => {
    const form = e.target, state = forms.get(form), token = freshToken(), field = form.querySelector("[name=csrfmiddlewaretoken]");
    if (state?.busy || (state?.dirty && !state.stopped && !state.refused)) {
      e.preventDefault();
      state.waiting = { submitter: e.submitter };
      save(form);
      return;
    }
    if (state && !navigator.onLine) {
      e.preventDefault();
      tell(form, texts.sayUnsaved, true);
      say(texts.sayUnsaved);
      return;
    }
    if (token && field) field.value = token;
    if (forms.has(form)) { clearTimeout(stateOf(form).timer); forms.delete(form); }
    sent.clear();
    if (guarded.has(form)) sent.set(form, guarded.get(form));
    guarded.delete(form);
  });
  /* Leaving with text that is not saved */
  addEventListener("beforeunload", e => {
    const unsaved = [...forms].some(([form, state]) => form.isConnected && (state.dirty || state.busy));
    if (unsaved || [...guarded.keys()].some(form => form.isConnected)) e.preventDefault();
  });

  /* The clock of an item counts on from what the server said: the clock of this machine may be wrong. */
  const started = new WeakMap();
  const two = number => String(number).padStart(2, "0");
  setInterval(() => {
    for (const clock of document.querySelectorAll("[data-clock]")) {
      if (!started.has(clock)) started.set(clock, performance.now());
      const seconds = Number(clock.dataset.clock) + Math.floor((performance.now() - started.get(clock)) / 1000), hours = Math.floor(seconds / 3600);
      const minutes = Math.floor(seconds / 60) % 60, isOver = seconds > clock.dataset.planned * 60;
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
})();
