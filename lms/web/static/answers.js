// Answers as the page holds them: a list of strings, as the server knows them, or null for none.
// A question that asks several things at once sends `row=value` for each; a text among them carries its row in its name.

const PAUSE = 600; // in typing, before a text counts as an answer
const TYPED = "input[type=text], textarea";

export function read(section) {
  const values = [...controls(section)].map(valueOf).filter(Boolean);
  return values.length ? values : null;
}

export function write(section, response) {
  const given = response ?? [];
  for (const control of controls(section)) {
    if (control.matches("[type=radio], [type=checkbox]")) control.checked = given.includes(control.value);
    else if (control.matches("select")) control.value = given.find((value) => offers(control, value)) ?? "";
    else control.value = textFor(control, given);
  }
  section.dispatchEvent(new CustomEvent("written"));
}

// What the person says besides the answer: a flag, and how sure they are.
export function readAside(section) {
  const sure = section.querySelector("[name^='confidence-']:checked");
  return { flagged: section.querySelector("[name^='flag-']")?.checked ?? false, confidence: sure?.value ?? null };
}

export function writeAside(section, { flagged, confidence }) {
  const flag = section.querySelector("[name^='flag-']");
  if (flag) flag.checked = Boolean(flagged);
  for (const radio of section.querySelectorAll("[name^='confidence-']")) radio.checked = radio.value === confidence;
}

// Whether something was answered before a script could hear of it: on a slow link the questions come long before it.
export function differs(section) {
  return [...controls(section), ...section.querySelectorAll("[name^='confidence-'], [name^='flag-']")].some(
    (control) => {
      if (control.matches("[type=radio], [type=checkbox]")) return control.checked !== control.defaultChecked;
      if (!control.matches("select")) return control.value !== control.defaultValue;
      const sent = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
      return control.value !== sent.value;
    },
  );
}

// An answer as a reader would say it: the labels of what was chosen, or the text.
export function inWords(section, response) {
  return (response ?? [])
    .map((value) => {
      for (const control of controls(section)) {
        if (control.matches("select") && offers(control, value)) {
          return [...control.options].find((option) => option.value === value).text;
        }
        if (control.matches("[type=radio], [type=checkbox]") && control.value === value) {
          return control.closest("label").textContent.trim();
        }
        if (control.matches(TYPED) && value.startsWith(rowOf(control))) return value.slice(rowOf(control).length);
      }
      return value;
    })
    .join("; ");
}

// Calls `touched` at the first sign of a change and `changed` once it is an answer. Returns how to end the pause at once.
export function watch(section, touched, changed) {
  let timer = 0;
  const settle = () => {
    clearTimeout(timer);
    timer = 0;
    changed();
  };
  section.addEventListener("input", (event) => {
    if (!event.target.matches(TYPED)) return;
    touched();
    clearTimeout(timer);
    timer = setTimeout(settle, PAUSE);
  });
  section.addEventListener("change", (event) => {
    if (!event.target.matches(TYPED)) settle();
    else if (timer) settle();
  });
  section.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=submit])")) return;
    event.preventDefault(); // Enter ends an answer, not the attempt
    if (timer) settle();
  });
  return () => timer && settle();
}

function controls(section) {
  const name = CSS.escape(section.dataset.field);
  return section.querySelectorAll(`[name="${name}"], [name^="${name}."]`);
}

function valueOf(control) {
  if (control.matches("[type=radio], [type=checkbox]")) return control.checked ? control.value : "";
  if (control.matches("select")) return control.value;
  const text = control.value.trim();
  return text && rowOf(control) + text;
}

// "3=" for a text named answer-x.3, else nothing.
function rowOf(control) {
  const [, row] = control.name.split(".");
  return row ? `${row}=` : "";
}

function textFor(control, given) {
  const row = rowOf(control);
  return given.find((value) => value.startsWith(row))?.slice(row.length) ?? "";
}

function offers(select, value) {
  return [...select.options].some((option) => option.value && option.value === value);
}
