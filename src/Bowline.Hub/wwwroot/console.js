"use strict";
// Three things the server cannot do for a page that is already open: say how long ago something was, say that the
// page has lost the hub, and know which menus the person has opened. Everything else is rendered by the hub and put in place by htmx.
(() => {
  const staleAfterMs = 8000; // the hub sends a beat every 2 s: four missed ones are no accident
  let lastEvent = Date.now();
  // The hub's clock minus ours, so that a phone with a wrong clock still shows right durations.
  let offsetMs = 0;

  const ago = (ms) => {
    const s = Math.max(0, Math.round(ms / 1000));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
    if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
    return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
  };

  const tick = () => {
    const now = Date.now() + offsetMs;
    for (const time of document.querySelectorAll("time[data-ago]")) {
      time.textContent = ago(now - Date.parse(time.dateTime));
    }
    const banner = document.getElementById("stale");
    if (banner && document.querySelector("[sse-connect]")) {
      const silent = Date.now() - lastEvent;
      banner.hidden = silent < staleAfterMs;
      if (!banner.hidden) {
        banner.querySelector("[data-stale-for]").textContent = ago(silent);
        document.body.dataset.stale = "true";
      } else {
        delete document.body.dataset.stale;
      }
    }
  };

  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    lastEvent = Date.now();
    const sent = event.detail && event.detail.type === "beat" ? Date.parse(event.detail.data) : NaN;
    if (!Number.isNaN(sent)) offsetMs = sent - Date.now();
  });
  document.addEventListener("htmx:sseOpen", () => { lastEvent = Date.now(); });
  document.addEventListener("htmx:afterSettle", tick);
  setInterval(tick, 1000);
  document.addEventListener("DOMContentLoaded", tick);

  // Which menus are open is the person's business: the hub's text always has them closed.
  if (window.Idiomorph) {
    Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) => !(name === "open" && element.tagName === "DETAILS");
  }

  // The one-time login token travels in the fragment, which no server log ever sees.
  const byLink = document.getElementById("by-link");
  const token = location.hash.slice(1);
  if (byLink && token) {
    history.replaceState(null, "", location.pathname);
    byLink.elements.token.value = token;
    byLink.hidden = false;
    document.getElementById("by-password").hidden = true;
  }
})();
