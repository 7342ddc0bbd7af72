# Jekyll pages one list only and has no archives: this makes the lists that the other sites have.
# Every page of a list is marked `regenerate`, since --incremental would leave it stale.

module Bench
  PER_PAGE = 20

  class Lists < Jekyll::Generator
    def generate(site)
      @site = site
      newest_first = site.posts.docs.reverse
      by_term = {
        "category" => grouped(newest_first) { |post| [post.data["section"]] },
        "tag" => grouped(newest_first) { |post| post.data["topics"] },
        "author" => grouped(newest_first) { |post| post.data["authors"] },
      }
      site.config["sections"] = by_term["category"].map do |name, posts|
        { "name" => name, "url" => "/category/#{slug(name)}/", "items" => posts.first(4) }
      end
      by_term.each do |taxonomy, groups|
        groups.each { |name, posts| term_pages(taxonomy, name, posts) }
        terms = groups.map do |name, posts|
          { "url" => "/#{taxonomy}/#{slug(name)}/", "name" => name, "count" => posts.length }
        end
        add("/#{taxonomy}/", "index", "title" => taxonomy, "entries" => terms)
      end
      archives(newest_first)
    end

    private

    def slug(name)
      name.downcase.tr(" ", "-")
    end

    def grouped(posts)
      groups = Hash.new { |hash, key| hash[key] = [] }
      posts.each { |post| yield(post).each { |key| groups[key] << post } }
      groups.sort.to_h
    end

    def add(url, layout, data)
      page = Jekyll::PageWithoutAFile.new(@site, @site.source, url[1..], "index.html")
      page.data.merge!(data, "layout" => layout, "regenerate" => true)
      @site.pages << page
    end

    def term_pages(taxonomy, name, posts)
      url = "/#{taxonomy}/#{slug(name)}/"
      chunks = posts.each_slice(PER_PAGE).to_a
      chunks.each_with_index do |chunk, place|
        address = ->(number) { number.zero? ? url : "#{url}page/#{number + 1}/" }
        older = address.call(place + 1) if place + 1 < chunks.length
        newer = address.call(place - 1) if place.positive?
        add(address.call(place), "list",
            "title" => name, "items" => chunk, "older" => older, "newer" => newer)
      end
    end

    def archives(posts)
      days = posts.group_by { |post| post.date.strftime("/%Y/%m/%d/") }
      days.each { |url, items| add(url, "list", "title" => url, "items" => items) }
      months = posts.group_by { |post| post.date.strftime("/%Y/%m/") }
      months.each { |url, items| add(url, "index", "title" => url, "entries" => parts(items, "/%Y/%m/%d/")) }
      years = posts.group_by { |post| post.date.strftime("/%Y/") }
      years.each { |url, items| add(url, "index", "title" => url, "entries" => parts(items, "/%Y/%m/")) }
      add("/archive/", "index", "title" => "Archive", "entries" => parts(posts, "/%Y/"))
    end

    def parts(posts, pattern)
      posts.group_by { |post| post.date.strftime(pattern) }.map do |url, items|
        { "url" => url, "name" => url, "count" => items.length }
      end
    end
  end
end
