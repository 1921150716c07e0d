// What scrolls in a box of its own can be reached, and so be scrolled, by keyboard.
{
  const boxes = "article :is(pre > code, .md-typeset__scrollwrap, math[display=block])"

  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0
    }
  })

  const observe = () => {
    for (const box of document.querySelectorAll(`${boxes}:not([tabindex])`)) {
      sizes.unobserve(box) // or one that was seen already would not be measured again
      sizes.observe(box)
    }
  }
  observe()

  // The theme's script, which comes later, wraps tables, and takes code out of the
  // keyboard's way on a phone.
  const article = document.querySelector("article") ?? document.body
  const changes = { childList: true, subtree: true, attributeFilter: ["tabindex"] }
  new MutationObserver(observe).observe(article, changes)
}
