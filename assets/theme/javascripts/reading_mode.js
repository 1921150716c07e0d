// The switch of the reading mode stays in the section that is being read, and is
// remembered.
{
  const currentSection = () => {
    const headings = [...document.querySelectorAll("article :is(h2, h3)[id]")]
    const passed = headings.filter(
      (heading) => heading.getBoundingClientRect().top < innerHeight / 3,
    )
    return passed.length ? `#${passed.at(-1).id}` : ""
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-mode]")
    if (!link) return
    localStorage.setItem("mode", link.dataset.mode)
    if (link.closest(".modes")) link.hash = currentSection()
  })
}
