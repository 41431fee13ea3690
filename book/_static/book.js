// Repairs for screen readers that neither the theme nor pandas offers a setting for.
document.addEventListener("DOMContentLoaded", () => {
  // The mark above the menu lies in no landmark.
  document.getElementById("pst-primary-sidebar")?.setAttribute("role", "complementary");
  document.getElementById("pst-primary-sidebar")?.setAttribute("aria-label", "Book");
  // pandas heads the index column with an empty cell.
  document.querySelectorAll("th").forEach((cell) => {
    if (!cell.textContent.trim()) cell.replaceWith(document.createElement("td"));
  });
  // The theme takes the focus away from its switch, and with it a keyboard's place on the page.
  document.querySelectorAll(".theme-switch-button").forEach((button) => {
    button.addEventListener("click", () => setTimeout(() => button.focus()));
  });
  // Roles of a bibliography's entries that are out of date.
  document.querySelectorAll(".citation-list, .citation-list > .citation").forEach((entry) => {
    entry.removeAttribute("role");
  });
  // A wide table scrolls by itself: it must be reachable by keyboard and have a name.
  document.querySelectorAll(".bd-article table").forEach((table, index) => {
    const box = table.closest(".pst-scrollable-table-container, .output");
    if (!box) return;
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    const caption = table.caption?.cloneNode(true);
    caption?.querySelector(".headerlink")?.remove();
    box.setAttribute("aria-label", caption?.textContent.trim() || `Table ${index + 1}`);
  });
});

// A page with an explorer needs its script and style; the others load nothing of it. Their place is this
// file's own, which holds from the web and from a disk.
{
  const own = document.currentScript.src;
  document.addEventListener("DOMContentLoaded", () => {
    const kind = document.querySelector("[data-explorer]")?.dataset.explorer;
    if (!kind) return;
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("explorers.css", own);
    // Only with its style may an explorer take the place of a figure.
    style.addEventListener("load", () => {
      for (const name of ["explorers.js", `${kind}_explorer.js`]) {
        const script = document.createElement("script");
        script.src = new URL(name, own);
        script.async = false; // one after the other
        document.head.append(script);
      }
    });
    document.head.append(style);
  });
}

// Paper is white: a page in dark mode is printed as in light mode. And nothing on it can be clicked: what is folded is
// printed open, under a title that asks for no click.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("details.hide > summary").forEach((summary) => {
    const title = summary.querySelector(".collapsed").textContent.replace(/^Show (the )?/, "");
    summary.dataset.title = title[0].toUpperCase() + title.slice(1);
  });
});
{
  const root = document.documentElement;
  let mode, folds;
  addEventListener("beforeprint", () => {
    mode = root.dataset.theme;
    root.dataset.theme = "light";
    folds = document.querySelectorAll("details:not([open])");
    folds.forEach((fold) => (fold.open = true));
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = mode;
    folds.forEach((fold) => (fold.open = false));
  });
}

// The ledger's table can be filtered; only its page loads the script.
{
  const own = document.currentScript.src;
  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector("[data-filter]")) return;
    const script = document.createElement("script");
    script.src = new URL("table_filter.js", own);
    document.head.append(script);
  });
}

// Search: Chinese is written without spaces, so a word is found inside of others, too. Passages are of the text, not of
// the code that happens to hold a word, and hold a "quoted phrase".
document.addEventListener("DOMContentLoaded", () => {
  if (typeof Search === "undefined") return;
  for (const words of [Search._index.terms, Search._index.titleterms]) {
    const chinese = Object.entries(words).filter(([word]) => /\p{Script=Han}/u.test(word));
    for (const [word, pages] of chinese) {
      for (let start = 0; start < word.length; start += 1) {
        for (let end = start + 1; end <= word.length; end += 1) {
          const part = word.slice(start, end);
          words[part] = [...new Set([words[part] ?? [], pages].flat())];
        }
      }
    }
  }

  const asText = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(".cell_input, summary").forEach((code) => code.remove());
    return asText(page.documentElement.outerHTML, anchor).replace(/\s+/g, " ");
  };

  const query = new URLSearchParams(location.search).get("q") ?? "";
  const phrases = [...query.matchAll(/["“”]([^"“”]+)["“”]/g)]
    .map(([, phrase]) => phrase.trim().replace(/\s+/g, " "))
    .flatMap((phrase) => [phrase, phrase.replaceAll("'", "’")]); // as the prose has it
  const asSummary = Search.makeSearchSummary;
  // Of the words that it is given, Sphinx shows the passage around the last that it finds.
  Search.makeSearchSummary = (html, words, anchor) => asSummary(html, [...words, ...phrases], anchor);
});
