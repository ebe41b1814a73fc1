"""The United States: annual FOIA reports of agencies, NIEM XML."""

from gongkai.converters.report_source import ReportSource, data_file
from gongkai.converters.us.reader import MEDIA_TYPE, is_annual_report, read_annual_report

SOURCE = ReportSource(
    key="us",
    is_of=is_annual_report,
    read=data_file(MEDIA_TYPE, read_annual_report),
    takes_overrides=False,
)
