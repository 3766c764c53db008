// Sends turns and sees to it that none is lost or doubled: each has a key, is kept on this device
// until the server has stored it, and is sent again under the same key after any failure.

import { keep, kept } from "./drafts.js";
import { events } from "./stream.js";

const LONGEST_WAIT = 30;

/** Sends the turns of one consultation, one after the other. */
export class Turns {
  #sending = false;
  #wake = null;

  /** `done` is told what the patient's answer brought; `idle` that nothing is on its way. */
  constructor({ id, transcript, words, done, idle }) {
    Object.assign(this, { id, transcript, words, done, idle });
    this.waiting = kept(`${id}:waiting`, []);
    addEventListener("online", () => this.#wake?.());
  }

  get busy() {
    return this.#sending || this.waiting.length > 0;
  }

  /** Takes up what an earlier page could not send, and turns the server could not answer. */
  resume() {
    const stored = new Set([...this.transcript.list.querySelectorAll("[data-unanswered]")].map((item) => item.dataset.unanswered));
    for (const item of this.transcript.list.querySelectorAll("[data-unanswered]")) {
      const key = item.dataset.unanswered;
      if (!this.waiting.some((turn) => turn.key === key)) {
        this.waiting.unshift({ key, text: item.querySelector(".words").textContent });
      }
      this.#items.set(key, item);
    }
    for (const turn of this.waiting) {
      if (!stored.has(turn.key)) this.#items.set(turn.key, this.transcript.student(turn.text));
    }
    this.#run();
  }

  /** Says `text`. */
  send(text) {
    const turn = { key: crypto.randomUUID(), text };
    this.#items.set(turn.key, this.transcript.student(text));
    this.waiting.push(turn);
    this.#remember();
    this.#run();
  }

  #items = new Map();

  #remember() {
    keep(`${this.id}:waiting`, this.waiting.length > 0 ? this.waiting : null);
  }

  async #run() {
    if (this.#sending) return;
    this.#sending = true;
    while (this.waiting.length > 0) {
      const [turn] = this.waiting;
      if (!(await this.#deliver(turn))) break;
      this.waiting.shift();
      this.#remember();
    }
    this.#sending = false;
    this.idle();
  }

  /** Tries until the turn is answered; false when it is refused for good. */
  async #deliver(turn) {
    const item = this.#items.get(turn.key);
    for (let attempt = 1; ; attempt += 1) {
      this.transcript.state(item, "clock", this.words.sending);
      const outcome = await this.#attempt(turn, item);
      if (outcome.answered) return true;
      if (outcome.refused) {
        this.transcript.state(item, "circle-alert", outcome.refused, { waiting: true });
        this.transcript.say(outcome.refused);
        this.waiting = this.waiting.filter((other) => other.key !== turn.key);
        this.#remember();
        return false;
      }
      const seconds = outcome.seconds ?? Math.min(LONGEST_WAIT, 2 ** attempt);
      const text = outcome.text.replace("%seconds%", String(seconds));
      if (attempt === 1) this.transcript.say(text);
      await new Promise((resolve) => {
        this.#wake = resolve;
        this.transcript.state(item, outcome.icon, text, { waiting: true, action: resolve });
        setTimeout(resolve, seconds * 1000);
      });
      this.#wake = null;
    }
  }

  async #attempt(turn, item) {
    const reply = this.transcript.reply();
    try {
      const response = await fetch(`/api/v1/encounters/${this.id}/turns`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
        body: JSON.stringify(turn),
      });
      if (!response.ok) return await this.#refusal(response, reply);
      this.transcript.state(item, "check", this.words.stored);
      delete item.dataset.unanswered;
      return await this.#listen(response, reply);
    } catch {
      reply.remove();
      return { icon: "wifi-off", text: this.words.offline };
    }
  }

  async #listen(response, reply) {
    for await (const { event, data } of events(response)) {
      if (event === "token") reply.add(data.text);
      else if (event === "done") {
        reply.finish(data.reply, data.cue);
        this.done(data);
        return { answered: true };
      } else if (event === "failed" || event === "error") break;
    }
    reply.remove();
    return { icon: "circle-alert", text: this.words.failed };
  }

  async #refusal(response, reply) {
    reply.remove();
    const error = await response.json().then((body) => body.error, () => null);
    if (response.status === 401) return { refused: this.words.signedOut };
    if (response.status === 429 || response.status === 503) {
      const seconds = Number(response.headers.get("Retry-After")) || 3;
      return { seconds, icon: "clock", text: this.words.busy };
    }
    if (response.status === 409 && error?.code === "turn-in-progress") {
      return { seconds: 2, icon: "clock", text: this.words.busy };
    }
    if (response.status === 409) return { refused: this.words.ended };
    if (response.status >= 500) return { icon: "circle-alert", text: this.words.failed };
    return { refused: `${this.words.refused} ${error?.message ?? ""}`.trim() };
  }
}
