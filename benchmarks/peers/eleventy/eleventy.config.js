// Eleventy's settings: collections for everything that the other sites have as lists.
import highlight from "@11ty/eleventy-plugin-syntaxhighlight";

const PER_PAGE = 20;

const slug = (text) => text.toLowerCase().replaceAll(" ", "-");

function grouped(stories, keys) {
  const groups = new Map();
  for (const story of stories) {
    for (const key of keys(story)) {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(story);
    }
  }
  return new Map([...groups].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function pages(taxonomy, groups) {
  const made = [];
  for (const [name, items] of groups) {
    const url = `/${taxonomy}/${slug(name)}/`;
    const at = (number) => (number === 1 ? url : `${url}page/${number}/`);
    const last = Math.ceil(items.length / PER_PAGE);
    for (let number = 1; number <= last; number++) {
      made.push({
        name,
        url: at(number),
        items: items.slice((number - 1) * PER_PAGE, number * PER_PAGE),
        older: number < last ? at(number + 1) : null,
        newer: number > 1 ? at(number - 1) : null,
      });
    }
  }
  return made;
}

export default function (config) {
  config.addPlugin(highlight);
  config.setUseGitIgnore(false);
  config.addPassthroughCopy("css");
  if (process.env.BENCH_FEEDS !== "1") {
    config.ignores.add("feed.njk");
    config.ignores.add("sitemap.njk");
  }

  // Newest first, each linked to the ones beside it.
  const ordered = (api) => {
    const stories = api.getFilteredByGlob("articles/**/*.md").reverse();
    stories.forEach((story, place) => {
      story.data.newer = stories[place - 1];
      story.data.older = stories[place + 1];
    });
    return stories;
  };
  const taxonomies = {
    category: (story) => [story.data.category],
    tag: (story) => story.data.topics,
    author: (story) => story.data.authors,
  };
  const day = (story) => story.date.toISOString().slice(0, 10).replaceAll("-", "/");

  config.addCollection("stories", ordered);
  config.addCollection("listPages", (api) => {
    const stories = ordered(api);
    return Object.entries(taxonomies).flatMap(([name, keys]) => pages(name, grouped(stories, keys)));
  });
  config.addCollection("termIndexes", (api) => {
    const stories = ordered(api);
    return Object.entries(taxonomies).map(([taxonomy, keys]) => ({
      name: taxonomy,
      url: `/${taxonomy}/`,
      terms: [...grouped(stories, keys)].map(([name, items]) => ({
        name,
        url: `/${taxonomy}/${slug(name)}/`,
        count: items.length,
      })),
    }));
  });
  config.addCollection("sections", (api) =>
    [...grouped(ordered(api), taxonomies.category)].map(([name, items]) => ({
      name,
      url: `/category/${slug(name)}/`,
      items: items.slice(0, 4),
    })),
  );
  config.addCollection("periods", (api) => {
    const stories = ordered(api);
    const made = [];
    const levels = [4, 7, 10].map((length) => grouped(stories, (story) => [day(story).slice(0, length)]));
    levels.forEach((periods, level) => {
      for (const [name, items] of periods) {
        const parts = new Map();
        if (level < 2) {
          for (const story of items) {
            const part = day(story).slice(0, [7, 10][level]);
            parts.set(part, (parts.get(part) ?? 0) + 1);
          }
        }
        made.push({
          name,
          url: `/${name}/`,
          parts: [...parts].map(([part, count]) => ({ url: `/${part}/`, count })),
          items: level === 2 ? items : [],
        });
      }
    });
    made.push({
      name: "Archive",
      url: "/archive/",
      parts: [...levels[0]].reverse().map(([year, items]) => ({ url: `/${year}/`, count: items.length })),
      items: [],
    });
    return made;
  });

  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  config.addFilter("medium", (date) => `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`);
  config.addFilter("iso", (date) => date.toISOString());
  config.addFilter("slug", slug);
  config.addFilter(
    "stamp",
    (date) => `${date.getUTCDate()}/${date.getUTCMonth() + 1} ${date.toISOString().slice(11, 16)}`,
  );

  return { markdownTemplateEngine: false, htmlTemplateEngine: "njk", dir: { output: "output" } };
}
