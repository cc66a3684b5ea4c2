// Says the chosen day in words: a browser shows it in an order of its own.
const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeZone: "UTC" });

const tell = (field) => {
    const place = field.closest("label").parentElement.querySelector("[data-day]");
    place.textContent = field.valueAsDate ? words.format(field.valueAsDate) : "";
};

for (const field of document.querySelectorAll("label > input[type=date]")) {
    field.addEventListener("input", () => tell(field));
    tell(field);
}
