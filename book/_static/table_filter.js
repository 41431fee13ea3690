// Choose rows of a long table by verdict, by chapter or by a word. Without scripts the table is plain.
{
  const choose = (label, values) => {
    const box = document.createElement("label");
    box.textContent = `${label} `;
    const list = document.createElement("select");
    for (const value of ["all", ...values]) list.add(new Option(value));
    box.append(list);
    return [box, list];
  };

  const place = document.querySelector("[data-filter]");
  const table = document.getElementById(place.dataset.filter).closest("table, .pst-scrollable-table-container");
  const rows = [...(table.matches("table") ? table : table.querySelector("table")).tBodies[0].rows];
  const heads = [...rows[0].closest("table").tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const valuesOf = (name) => rows.map((row) => row.cells[heads.indexOf(name)].textContent.trim());
  const verdicts = valuesOf("verdict");
  // The number of a figure or table begins with its chapter's: Fig. 3.2.
  const chapters = valuesOf("shown in").map((shown) => shown.match(/\d+(?=\.)/)[0]);
  const unique = (values) => [...new Set(values)];
  const [verdictBox, verdict] = choose("Verdict", unique(verdicts).sort());
  const [chapterBox, chapter] = choose("Chapter", unique(chapters));
  const wordBox = document.createElement("label");
  const word = document.createElement("input");
  word.type = "search";
  wordBox.append("Word ", word);
  const told = document.createElement("output");
  told.setAttribute("aria-live", "polite");

  const apply = () => {
    let count = 0;
    rows.forEach((row, n) => {
      const fits =
        (verdict.value === "all" || verdict.value === verdicts[n]) &&
        (chapter.value === "all" || chapter.value === chapters[n]) &&
        row.textContent.toLowerCase().includes(word.value.trim().toLowerCase());
      row.hidden = !fits;
      count += fits;
    });
    told.textContent = `${count} of ${rows.length} claims`;
  };
  for (const control of [verdict, chapter, word]) control.addEventListener("input", apply);
  place.className = "table-filter";
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", "Choose claims");
  place.append(verdictBox, chapterBox, wordBox, told);
  apply();
}
