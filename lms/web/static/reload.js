// In development: loads the page anew when a file of the pack has changed, unless something is being typed into it.

const address = document.querySelector("script[data-version]").dataset.version;
const EVERY = 1000; // milliseconds
let typed = false;
let known = null;

addEventListener("input", () => {
  typed = true;
});

async function look() {
  if (!document.hidden) {
    const answer = await fetch(address).catch(() => null); // the server is being started again
    const version = answer?.ok ? await answer.text() : known;
    if (known !== null && version !== known && !typed) {
      location.reload();
      return;
    }
    known = version;
  }
  setTimeout(look, EVERY);
}

look();
