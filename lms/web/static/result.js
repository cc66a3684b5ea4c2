// Opens the question that an address leads to, where the browser does not do so by itself.

function open() {
  const question = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const line = question?.closest("details:not([open])");
  if (line) {
    line.open = true;
    question.scrollIntoView();
  }
}

addEventListener("hashchange", open);
open();
