"""The figures of the sample report, typed from the printed report by hand.

Table 3: rows as printed; columns 自然人, 商业企业, 科研机构, 社会公益组织, 法律服务机构,
其他, 总计.
"""

APPLICANTS = (
    "natural-person",
    "business",
    "research",
    "social-welfare",
    "legal-service",
    "other-organisation",
    "total",
)

REQUESTS = {
    "received": (366, 7, 1, 0, 1, 1, 376),
    "carried-in": (0, 0, 0, 0, 0, 0, 0),
    "granted": (135, 2, 0, 0, 0, 0, 137),
    "partly-granted": (1, 0, 0, 0, 0, 0, 1),
    "withheld-state-secret": (7, 0, 1, 0, 0, 0, 8),
    "withheld-prohibited-by-law": (0, 0, 0, 0, 0, 0, 0),
    "withheld-security-stability": (0, 0, 0, 0, 0, 0, 0),
    "withheld-third-party": (0, 0, 0, 0, 0, 0, 0),
    "withheld-internal-affairs": (7, 0, 0, 0, 0, 0, 7),
    "withheld-process": (2, 0, 0, 0, 0, 0, 2),
    "withheld-enforcement-file": (0, 0, 0, 0, 0, 0, 0),
    "withheld-administrative-query": (0, 0, 0, 0, 0, 0, 0),
    "unavailable-not-held": (56, 1, 0, 0, 1, 1, 59),
    "unavailable-to-be-created": (48, 0, 0, 0, 0, 0, 48),
    "unavailable-unclear": (19, 1, 0, 0, 0, 0, 20),
    "not-processed-petition": (91, 3, 0, 0, 0, 0, 94),
    "not-processed-repeated": (0, 0, 0, 0, 0, 0, 0),
    "not-processed-publication": (0, 0, 0, 0, 0, 0, 0),
    "not-processed-excessive": (0, 0, 0, 0, 0, 0, 0),
    "not-processed-confirmation": (0, 0, 0, 0, 0, 0, 0),
    "other": (0, 0, 0, 0, 0, 0, 0),
    "handled": (366, 7, 1, 0, 1, 1, 376),
    "carried-out": (0, 0, 0, 0, 0, 0, 0),
}

RESULTS = ("upheld", "corrected", "other", "pending", "total")

DISPUTES = {
    "reconsideration": (12, 0, 0, 0, 12),
    "litigation-direct": (5, 0, 0, 0, 5),
    "litigation-after-reconsideration": (0, 0, 0, 0, 0),
}

DISCLOSURE = {
    ("regulations", "made"): 5,
    ("regulations", "newly-public"): 5,
    ("regulations", "public-total"): 90,
    ("normative-documents", "made"): 70,
    ("normative-documents", "newly-public"): 70,
    ("normative-documents", "public-total"): 1475,
    ("licensing", "items-last-year"): 4,
    ("licensing", "items-change"): 0,
    ("licensing", "decisions"): 3,
    ("other-services", "items-last-year"): 2,
    ("other-services", "items-change"): 0,
    ("other-services", "decisions"): 5940,
    ("penalties", "items-last-year"): 0,
    ("penalties", "items-change"): 0,
    ("penalties", "decisions"): 0,
    ("coercive-measures", "items-last-year"): 0,
    ("coercive-measures", "items-change"): 0,
    ("coercive-measures", "decisions"): 0,
    ("charges", "items-last-year"): 18,
    ("charges", "items-change"): 0,
    ("procurement", "purchases"): 4,
    ("procurement", "purchase-amount"): 40628700,
}

VALUES: dict[tuple[str, str, str], int] = {
    **{
        ("requests", applicant, stage): value
        for stage, row in REQUESTS.items()
        for applicant, value in zip(APPLICANTS, row, strict=True)
    },
    **{
        ("disputes", proceeding, result): value
        for proceeding, row in DISPUTES.items()
        for result, value in zip(RESULTS, row, strict=True)
    },
    **{("disclosure", *codes): value for codes, value in DISCLOSURE.items()},
}
"""All 198 figures by cube and codes in the order of the cube's structure."""
