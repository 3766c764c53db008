// The conversation as it grows: bubbles, their state, and the spoken version for screen readers.

/** Draws turns into `list` and speaks whole sentences into `live`. */
export class Transcript {
  constructor({ list, live, scroller, words, patient, language }) {
    Object.assign(this, { list, live, scroller, words, patient, language });
  }

  /** Adds the student's words and returns their element. */
  student(text) {
    const item = this.#turn("student", this.words.you, text);
    const state = document.createElement("p");
    state.className = "state";
    item.append(state);
    this.#add(item);
    return item;
  }

  /** Shows under `item` where its words are: `icon` from the sprite and a text, perhaps a button. */
  state(item, icon, text, { waiting = false, action = null } = {}) {
    const state = item.querySelector(".state");
    state.classList.toggle("waiting", waiting);
    const label = document.createElement("span");
    label.textContent = text;
    state.replaceChildren(this.icon(icon), label);
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tool";
      button.textContent = this.words.again;
      button.addEventListener("click", action, { once: true });
      state.append(button);
    }
  }

  /** Adds a reply that is still being spoken. */
  reply() {
    const item = this.#turn("patient", this.patient, "");
    const words = item.querySelector(".words");
    const dots = document.createElement("span");
    dots.className = "thinking";
    dots.append(...[0, 1, 2].map(() => document.createElement("i")));
    const told = document.createElement("span");
    told.className = "visually-hidden";
    told.textContent = this.words.thinking;
    words.append(dots, told);
    this.#add(item);
    return new Reply(this, item);
  }

  /** Says `text` to a screen reader. */
  say(text) {
    const line = document.createElement("p");
    line.textContent = text;
    this.live.append(line);
    while (this.live.children.length > 20) this.live.firstChild.remove();
  }

  /** Brings the end into view, unless the reader scrolled up. */
  follow(force = false) {
    const { scroller } = this;
    const gap = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    if (force || gap < 240) scroller.scrollTop = scroller.scrollHeight;
  }

  icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${this.words.icons}#${name}`);
    svg.append(use);
    return svg;
  }

  #turn(who, name, text) {
    const item = document.createElement("li");
    item.className = `turn ${who}`;
    const speaker = document.createElement("span");
    speaker.className = "speaker";
    speaker.textContent = name;
    const words = document.createElement("p");
    words.className = "words";
    words.lang = this.language;
    words.textContent = text;
    item.append(speaker, words);
    return item;
  }

  #add(item) {
    this.list.append(item);
    this.follow(true);
  }
}

/** A reply that arrives piece by piece. */
class Reply {
  #text = "";
  #spoken = 0;

  constructor(transcript, item) {
    this.transcript = transcript;
    this.item = item;
  }

  /** Adds a piece; whole sentences are spoken. */
  add(piece) {
    this.#text += piece;
    this.#show();
    const ends = [...this.#text.matchAll(/[.!?。！？…]+["”』」]?(\s|$|(?<=[。！？…]["”』」]?))/g)];
    const last = ends.at(-1);
    if (last) this.#speakTo(last.index + last[0].length);
  }

  /** The reply as it is stored; what streamed may have been corrected. */
  finish(text, cue) {
    this.#text = text;
    this.#show();
    this.#speakTo(text.length);
    if (cue) {
      const line = document.createElement("p");
      line.className = "cue";
      line.lang = this.transcript.language;
      line.textContent = cue;
      this.item.querySelector(".words").before(line);
    }
    this.transcript.follow();
  }

  remove() {
    this.item.remove();
  }

  #show() {
    this.item.querySelector(".words").textContent = this.#text;
    this.transcript.follow();
  }

  #speakTo(end) {
    const sentence = this.#text.slice(this.#spoken, end).trim();
    if (sentence) this.transcript.say(sentence);
    this.#spoken = Math.max(this.#spoken, end);
  }
}
