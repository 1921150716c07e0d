// Whoever goes to the search will look for something: what it looks through
// (search.js: load) is on its way meanwhile. From a folder nothing can be fetched.
{
  const prefetch = () => {
    const config = JSON.parse(document.getElementById("__config").textContent)
    const base = new URL(config.base, location)
    if (location.protocol !== "file:") fetch(new URL("search/sections.json", base))
  }

  document
    .querySelector("[data-md-component=search-query]")
    ?.addEventListener("focus", prefetch, { once: true })
}
