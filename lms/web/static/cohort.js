// What makes the list of who needs somebody quicker to work with. Without it, the list to copy is a page of its own,
// people are ticked one by one, and the browser prints.

const all = document.querySelector("[data-all]");
if (all) {
  const picks = [...all.closest("form").querySelectorAll("[name=peserta][type=checkbox]")];
  const box = all.querySelector("input");
  const follow = () => {
    const picked = picks.filter((one) => one.checked).length;
    box.checked = picked === picks.length;
    box.indeterminate = picked > 0 && picked < picks.length;
  };
  box.addEventListener("change", () => picks.forEach((one) => (one.checked = box.checked)));
  picks.forEach((one) => one.addEventListener("change", follow));
  all.hidden = false;
  follow(); // a browser may have kept what was ticked
}

const copy = document.querySelector("[data-copy]");
copy?.addEventListener("click", (event) => {
  if (!navigator.clipboard?.write || event.ctrlKey || event.metaKey || event.shiftKey) return; // the page of the list
  event.preventDefault();
  const list = fetch(copy.href).then((answer) => (answer.ok ? answer.blob() : Promise.reject(answer.status)));
  navigator.clipboard.write([new ClipboardItem({ "text/plain": list })]).then(
    () => copy.replaceChildren(Object.assign(document.createElement("span"), { role: "status", textContent: `✓ ${copy.dataset.copy}` })),
    () => location.assign(copy.href),
  );
});

const print = document.querySelector("[data-print]");
if (print) {
  print.addEventListener("click", () => window.print());
  print.hidden = false;
}
