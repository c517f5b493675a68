/* The number on the bell, asked for again while the page is seen; the page's title carries it too, and what is new is
   said in a toast. data-url answers {count, text, label, newest, news: [{text, url}]}, or 304 while nothing changed. */
import { request, toast } from "../lib/page.js";

const EVERY = 20_000;

export default function bell(box) {
  const button = box.querySelector("#bell");
  const badge = box.querySelector("#unread");
  let newest = Number(box.dataset.newest) || 0;
  let etag = "";
  let asked = Date.now();
  let timer = 0;

  function title(number) {
    const plain = document.title.replace(/^\([^)]{1,8}\) /, "");
    document.title = number ? `(${number}) ${plain}` : plain;
  }

  function show({ count, text, label, newest: last, news }) {
    badge.textContent = text;
    badge.hidden = !count;
    button.setAttribute("aria-label", label);
    title(text);
    newest = Math.max(newest, last);
    for (const { text: words } of news.toReversed()) toast({ text: words, level: "info" });
  }

  async function ask() {
    clearTimeout(timer);
    asked = Date.now();
    try {
      const answer = await request(`${box.dataset.url}?after=${newest}`, {
        headers: etag ? { "If-None-Match": etag } : {},
        cache: "no-store",
        redirect: "error", // signed out elsewhere: the next click will say so
      });
      if (answer.ok) {
        etag = answer.headers.get("ETag") ?? "";
        show(await answer.json());
      }
    } catch {
      // away for a moment: the next round asks again
    }
    plan();
  }

  function plan() {
    clearTimeout(timer);
    if (document.visibilityState === "visible" && box.isConnected) timer = setTimeout(ask, EVERY);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - asked > EVERY) ask();
    else plan();
  });
  box.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.requestConfig?.verb === "post") ask();
  });
  document.addEventListener("bell:ask", ask);
  title(badge.hidden ? "" : badge.textContent);
  plan();
}
