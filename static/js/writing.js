/* Where a text is written that saves itself: minutes, a discussion, a plan. Loaded after ssp.js. */
(() => {
  const { texts, say, toast, loginLink, purposeLink, isLogin, freshToken } = window.ssp;
  /* As the server says it, wherever the machine thinks it is: kl. 9.05. */
  const time = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Copenhagen" }).replace(/^0(?=\d)/, "");

  /* Ctrl+Enter: done with this item. Ctrl+S: save, and go on writing where one is. Both have a visible button. */
  document.addEventListener("keydown", e => {
    if (!(e.ctrlKey || e.metaKey)) return;
    const wanted = { Enter: "[data-done]", s: "[data-save]" }[e.key];
    const button = wanted && document.querySelector(wanted);
    if (!button) return;
    e.preventDefault();
    if (e.key === "s" && button.form?.dataset.autosave && !stateOf(button.form).stopped) saveHere(button.form);
    else { if (e.key === "Enter") sessionStorage.setItem("writeOn", "1"); button.click(); }
  });
  /* Done by the keys: the next item comes with the pen in its text, not thirty stops of Tab above it. A refusal has the focus itself. */
  if (sessionStorage.getItem("writeOn") && !document.querySelector("[data-errors]")) document.querySelector("form[data-autosave] textarea")?.focus({ preventScroll: true });
  sessionStorage.removeItem("writeOn");
  const saveHere = form => { Object.assign(stateOf(form), { dirty: true, said: false }); save(form); };

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
  /* Something has to be done in another tab first: log in, or say why a case is opened. Each is told once; the text waits. */
  const held = (form, text, link) => {
    const state = stateOf(form);
    if (state.held !== text) { toast(text, link); say(text); }
    state.held = text;
    failed(form, text, true);
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
    state.held = "";
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
      const purpose = response.headers.get("X-Purpose");
      if (response.status === 401 || isLogin(response.url)) held(form, texts.sayLogin, loginLink());
      else if (purpose) held(form, texts.sayPurpose, purposeLink(purpose));
      else if (response.ok) {
        saved(form, response);
        waiting?.form.requestSubmit(waiting.submitter);
      } else if (response.status === 409) await conflict(form, response);
      else {
        failed(form, response.status < 500 ? texts.sayRefused : texts.sayUnsaved, response.status >= 500);
        state.refused = response.status < 500;
        if (waiting?.form === form && state.refused) form.requestSubmit(waiting.submitter);  /* the page that comes says what is wrong, beside the text */
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
  /* Somebody may have written before this file was here: that is saved too. */
  for (const form of document.querySelectorAll("form[data-autosave]:not([data-unsaved])")) {
    if ([...form.querySelectorAll("textarea")].some(field => field.value !== field.defaultValue)) { stateOf(form).dirty = true; later(form, PAUSE); }
  }
  document.addEventListener("input", e => {
    const form = autosaved(e);
    if (form) { Object.assign(stateOf(form), { dirty: true, refused: false }); later(form, PAUSE); }
  });
  document.addEventListener("focusout", e => { const form = autosaved(e); if (form && !stateOf(form).failures) save(form); });
  addEventListener("online", () => { for (const form of forms.keys()) save(form); });
  addEventListener("focus", () => { for (const [form, state] of forms) if (state.failures) save(form); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) for (const form of forms.keys()) save(form, true); });

  /* An ordinary submit takes over from autosave. What is not saved yet is saved first: without network or login a submit would leave
     the page, and the text with it. The submit then carries the version which that save gives, or it would look like somebody else's
     text. The same when another form's fields go along that nobody has sent yet (data-along), and when another form leaves the page: the
     next one must not come with the text of before. Heard before ssp.js hears it. */
  const carries = form => [...document.getElementById(form.dataset.along)?.elements || []].some(field => field.type === "text" && field.value);
  const isUnsaved = ([form, state]) => form.isConnected && (state.busy || (state.dirty && !state.stopped && !state.refused));
  document.addEventListener("submit", e => {
    const form = e.target;
    if (form.dataset.along && carries(form) && !stateOf(form).asked) Object.assign(stateOf(form), { dirty: true, asked: true });
    const first = !forms.has(form) && !form.matches("[hx-post]") && [...forms].find(isUnsaved);
    const [text, state] = first || [form, forms.get(form)];
    if (state && isUnsaved([text, state])) {
      e.preventDefault();
      state.waiting = { form, submitter: e.submitter };
      save(text);
    } else if (state && !navigator.onLine) {
      e.preventDefault();
      tell(form, texts.sayUnsaved, true);
      say(texts.sayUnsaved);
    } else if (state) {
      clearTimeout(state.timer);
      forms.delete(form);
    }
  }, true);
  /* Leaving with text that is not saved */
  addEventListener("beforeunload", e => { if ([...forms].some(([form, state]) => form.isConnected && (state.dirty || state.busy))) e.preventDefault(); });
})();
