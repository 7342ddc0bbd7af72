"""The vocabulary of the corpus: invented places and people, plain words. Data only."""

from __future__ import annotations

CATEGORIES = (
    "World",
    "Politics",
    "Business",
    "Science",
    "Culture",
    "Sport",
    "Health",
    "Education",
    "Travel",
    "Weather",
    "Opinion",
    "Local",
)

PLACES = (
    "Eldermouth",
    "Shionoura",
    "Harrowgate Sands",
    "North Quay",
    "Vinterholm",
    "Calder Bridge",
    "Port Almond",
    "Saltmarsh",
    "Greystone",
    "Lower Fenwick",
    "Marrow Hill",
    "Tidewell",
    "Oakhaven",
    "Silver Strand",
    "Kestrel Bay",
    "Old Ferry",
)

FIRST_NAMES = ("Ada", "Bela", "Chidi", "Dora", "Emre", "Freya", "Goro", "Hana")

LAST_NAMES = ("Marsh", "Okafor", "Lindqvist", "Sato", "Penrose")

TAG_SUBJECTS = (
    "harbour",
    "river",
    "school",
    "rail",
    "energy",
    "housing",
    "football",
    "theatre",
    "budget",
    "climate",
    "fishing",
    "court",
    "hospital",
    "library",
    "market",
    "museum",
    "police",
    "road",
    "storm",
    "tourism",
)

TAG_ASPECTS = (
    "plans",
    "costs",
    "safety",
    "history",
    "jobs",
    "repairs",
    "records",
    "rules",
    "talks",
    "trials",
    "unions",
    "visitors",
    "volunteers",
    "votes",
    "works",
    "research",
    "reform",
    "funding",
    "design",
    "debate",
)

NOUNS = (
    "council committee harbour ferry timetable budget report engineer teacher captain museum "
    "bridge tunnel festival orchestra reservoir ward clinic trial contract vote tide cargo "
    "warehouse orchard vineyard railway station platform signal turbine cable grid "
    "pump filter sample survey estimate forecast archive letter petition appeal verdict "
    "inquiry witness permit lease tenant landlord bakery market stall crew team season "
    "league keeper striker referee stadium lane cyclist driver pilot runway hangar balloon "
    "telescope laboratory student lecture library shelf catalogue painting sculptor gallery stage "
    "curtain audience critic novel poem translator printer newspaper reader editor "
    "photograph memory garden hedge river bank meadow hill coast cliff lighthouse lantern storm "
    "warning siren shelter volunteer nurse surgeon patient vaccine kitchen recipe harvest"
).split()

ADJECTIVES = (
    "old new quiet crowded narrow wide early late careful hurried public private local distant "
    "costly cheap modest bold steady uneven bright dim cold mild heavy light famous forgotten "
    "temporary lasting formal honest cautious stubborn patient ordinary rare annual weekly "
    "northern southern coastal rural urban empty full broken repaired wooden stone"
).split()

VERBS = (
    "approved rejected delayed opened closed repaired measured counted questioned praised "
    "followed watched carried painted planned promised refused accepted moved replaced "
    "visited studied described announced postponed finished inspected financed designed "
    "remembered restored defended borrowed returned surveyed"
).split()

ENDINGS = (
    "before the winter",
    "after long talks",
    "for the third time",
    "by a narrow margin",
    "despite the rain",
    "within a week",
    "on the last day of the month",
    "to general surprise",
    "under a grey sky",
    "without further notice",
    "at the request of the residents",
    "as the ferries came in",
)

JAPANESE_SUBJECTS = (
    "市議会",
    "港の管理事務所",
    "地元の漁師たち",
    "町の図書館",
    "小学校の先生",
    "駅前の商店街",
    "気象台",
    "調査委員会",
    "県の担当者",
    "若い研究者",
    "音楽祭の実行委員",
    "病院の看護師",
)

JAPANESE_TOPICS = (
    "新しい橋の計画",
    "来年度の予算",
    "防波堤の修理",
    "夏祭りの準備",
    "観光客の増加",
    "電車の時刻表",
    "水質の検査結果",
    "古い写真の保存",
    "子どもたちの安全",
    "台風への備え",
    "空き家の活用",
    "地域の医療",
)

JAPANESE_ENDINGS = (
    "について説明した。",
    "を見直すと発表した。",
    "について住民の意見を聞いた。",
    "に時間がかかると話した。",
    "をめぐる議論を続けている。",
    "の記録をまとめた。",
    "を来月までに決める方針だ。",
    "に力を入れている。",
)
