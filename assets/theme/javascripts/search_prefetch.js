// Whoever goes to the search will look for something: what it looks through
// (search.js: load) is on its way meanwhile. From a folder nothing can be fetched.
{
  const field = document.querySelector("[data-md-component=search-query]")

  const prefetch = async () => {
    const settings = JSON.parse(document.getElementById("__config").textContent)
    const base = new URL(settings.base, location)
    const index = await fetch(new URL("search/search_index.json", base))
    const { config } = await index.json()
    for (const place of [...config.sections, ...config.labs]) fetch(new URL(`../${place}`, base))
  }

  if (field && location.protocol !== "file:") {
    if (field.matches(":focus")) prefetch()
    else field.addEventListener("focus", prefetch, { once: true })
  }
}
