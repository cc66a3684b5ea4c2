// Putting things in order without eight lists: buttons that move a thing up or down, and dragging for those who like
// it. Both only fill the lists, which stay there for everybody who prefers them.

class Order {
  #block;
  #list;
  #selects;
  #words;
  #said;

  constructor(block) {
    this.#block = block;
    this.#list = block.querySelector("ol");
    this.#words = block.dataset;
    this.#selects = [...block.parentElement.querySelectorAll("select")];
    this.#said = block.querySelector("[role=status]");
    if (this.#selects.some((select) => select.matches(":disabled"))) return;
    for (const line of this.#list.children) this.#equip(line);
    block.querySelector("[data-keep]").addEventListener("click", () => {
      this.#fill();
      this.#said.textContent = this.#words.kept;
    });
    // What is chosen in the lists, or comes from the server, is shown here too.
    for (const select of this.#selects) {
      select.addEventListener("change", () => this.#follow());
      select.addEventListener("blur", () => this.#take(select)); // the arrows of a keyboard pass through all options
    }
    block.closest(".question, form")?.addEventListener("written", () => this.#follow());
    block.hidden = false;
    this.#fold();
    this.#follow();
  }

  // The lists go behind a line that opens them.
  #fold() {
    const lists = this.#block.parentElement.querySelector(".rows");
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = this.#words.lists;
    lists.replaceWith(details);
    details.append(summary, lists);
  }

  #equip(line) {
    const name = line.textContent.trim();
    const moves = document.createElement("span");
    moves.className = "moves";
    moves.append(
      this.#button("↑", this.#words.up.replace("{name}", name), () => this.#move(line, -1)),
      this.#button("↓", this.#words.down.replace("{name}", name), () => this.#move(line, 1)),
    );
    line.append(moves);
    const handle = line.querySelector(".handle");
    handle.addEventListener("pointerdown", (event) => this.#drag(event, line, handle));
  }

  #button(sign, label, pressed) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = sign;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", pressed);
    return made;
  }

  #move(line, by) {
    const lines = [...this.#list.children];
    const place = lines.indexOf(line) + by;
    if (place >= 0 && place < lines.length) {
      const pressed = document.activeElement;
      if (by < 0) lines[place].before(line);
      else lines[place].after(line);
      pressed.focus(); // moving a line takes the focus from its button
      this.#fill();
    }
    this.#say(line);
  }

  #drag(event, line, handle) {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    line.classList.add("is-dragged");
    const before = [...this.#list.children];
    // The others make room: the line itself must stay in the page, or the pointer is lost.
    const over = ({ clientY }) => {
      const above = (other) => {
        const { top, height } = other.getBoundingClientRect();
        return top + height / 2 < clientY;
      };
      while (line.nextElementSibling && above(line.nextElementSibling)) line.before(line.nextElementSibling);
      while (line.previousElementSibling && !above(line.previousElementSibling)) {
        line.after(line.previousElementSibling);
      }
    };
    const end = () => {
      handle.removeEventListener("pointermove", over);
      line.classList.remove("is-dragged");
      if (before.every((other, place) => this.#list.children[place] === other)) return;
      this.#fill();
      this.#say(line);
    };
    handle.addEventListener("pointermove", over);
    handle.addEventListener("lostpointercapture", end, { once: true });
  }

  #fill() {
    [...this.#list.children].forEach((line, place) => {
      const select = this.#selects[place];
      select.value = [...select.options].find(({ value }) => value.endsWith(`=${line.dataset.option}`)).value;
    });
    this.#block.classList.add("is-kept");
    this.#selects[0].dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A thing has one place: chosen for another one, it leaves the first.
  #take(select) {
    const option = select.value.split("=")[1];
    const twice = this.#selects.filter((other) => option && other !== select && other.value.split("=")[1] === option);
    for (const other of twice) other.value = "";
    twice[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #follow() {
    const chosen = this.#selects.map((select) => select.value.split("=")[1]);
    this.#block.classList.toggle("is-kept", chosen.every(Boolean));
    const lines = new Map([...this.#list.children].map((line) => [line.dataset.option, line]));
    const whole = new Set(chosen).size === lines.size && chosen.every(Boolean);
    if (whole && chosen.some((option, place) => this.#list.children[place].dataset.option !== option)) {
      this.#list.append(...chosen.map((option) => lines.get(option)));
    }
  }

  #say(line) {
    const place = [...this.#list.children].indexOf(line) + 1;
    const name = line.querySelector("[data-name]").textContent.trim();
    this.#said.textContent = this.#words.said.replace("{name}", name).replace("{place}", place);
  }
}

function equip({ target }) {
  for (const block of target.querySelectorAll("[data-order]")) new Order(block);
}

equip({ target: document });
document.addEventListener("placed", equip); // a part of the page was replaced
