// "Ask why" beside an item fills the tutor's box without a new page.

const box = document.getElementById("tutor-question");
const item = document.getElementById("tutor-item");

for (const link of document.querySelectorAll("[data-ask]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    box.value = link.dataset.question;
    item.value = link.dataset.ask;
    box.scrollIntoView({ block: "center" });
    box.focus();
  });
}

// Another question is not asked from that item any more.
box?.addEventListener("input", () => {
  item.value = "";
});
