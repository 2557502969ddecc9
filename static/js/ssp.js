/* Progressive enhancement only: every action also works as a plain link or form. On every page; what only some pages use is in
   writing.js and meeting.js, which take what they need from window.ssp.
   All words come from the server: data-say-* on <body>. No text is kept in the browser's storage. */
(() => {
  const texts = document.body.dataset;
  const status = document.getElementById("status");
  const say = text => { if (status && text) status.textContent = text; };

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
  const newTab = (address, text) => {
    const a = document.createElement("a");
    a.href = address;
    a.target = "_blank";
    a.rel = "noopener";
    a.textContent = text;
    return a;
  };
  const loginLink = () => newTab(texts.loginUrl, texts.sayLoginLink);
  /* A case asks why it is opened, again after a new login: where to answer. */
  const purposeLink = address => newTab(address, texts.sayPurposeLink);
  const isLogin = url => Boolean(texts.loginUrl) && Boolean(url) && new URL(url, location.href).pathname.startsWith(texts.loginUrl);

  /* After a new login the token of an old page is no longer good; the cookie has the right one. Not when somebody else has logged in:
     what stands on a page is saved by who wrote it (access/form_mark.py). */
  const freshToken = () => {
    const token = decodeURIComponent((document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/) || [])[1] || "");
    return token.startsWith(texts.whose || "") ? token : "";
  };
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
    const purpose = e.detail.xhr?.getResponseHeader("X-Purpose");
    if (e.detail.xhr?.status === 401) toast(texts.sayLogin, loginLink());
    else if (purpose) toast(texts.sayPurpose, purposeLink(purpose));
    else toast(texts.sayFailed);
  });
  /* What is refused comes back as a form with its errors (422, 409): htmx counts that as done, and nothing was. */
  document.addEventListener("htmx:afterRequest", e => { if (e.detail.successful && e.detail.xhr.status < 400) say((e.detail.requestConfig?.elt || e.detail.elt).dataset?.said); });
  const showErrors = root => root.querySelector("[data-errors]")?.focus();
  document.addEventListener("htmx:afterSettle", e => showErrors(e.detail.elt.parentElement || e.detail.elt));
  showErrors(document);

  /* Menus */
  document.addEventListener("click", e => {
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

  /* What was ticked and is not saved: form -> box -> ticked. A form that is drawn anew while one uses it keeps it, and is not
     drawn under a finger that presses: the press would tick nothing. */
  const guarded = new Map(), sent = new WeakMap(), kept = new Map();
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
    const form = e.target.closest("form[data-guard]");
    if (form && !form.dataset.autosave) tick(form, e.target);
  });

  /* An ordinary submit: with a token that is still good. js/writing.js may have stopped it, to save first. */
  document.addEventListener("submit", e => {
    const form = e.target, token = freshToken(), field = form.querySelector("[name=csrfmiddlewaretoken]");
    if (e.defaultPrevented && !form.matches("[hx-post]")) return;  /* htmx prevents what it sends itself */
    if (token && field) field.value = token;
    sent.delete(form);  /* of this form: another one's answer may still be on its way */
    if (guarded.has(form)) sent.set(form, guarded.get(form));
    guarded.delete(form);
    guarded.delete(document.getElementById(form.dataset.along));
  });
  /* Leaving with what is not saved */
  addEventListener("beforeunload", e => { if ([...guarded.keys()].some(form => form.isConnected)) e.preventDefault(); });

  window.ssp = { texts, say, toast, loginLink, purposeLink, isLogin, freshToken };
})();
