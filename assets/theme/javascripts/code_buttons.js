// The theme makes of the buttons of every block of code a landmark of the page, as soon
// as the block is seen: for those who go by landmarks there would be far too many.
{
  const article = document.querySelector("article") ?? document.body

  new MutationObserver(() => {
    for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
      nav.setAttribute("role", "none")
    }
  }).observe(article, { childList: true, subtree: true })
}
