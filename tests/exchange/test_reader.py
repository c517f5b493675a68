"""Reading files: encodings, delimiters, odd rows, workbooks."""

import datetime as dt

import pytest
import xlsxwriter

from core.errors import DomainError
from exchange.reader import MAX_CELL, read_sheet, sniff
from tests.exchange.files import csv_text, write

PERSIAN = [["نام", "شهر"], ["شركت پارس", "تهران"], ["گروه صنعتی", "اصفهان"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_are_told_apart(tmp_path, encoding):
    sheet = read_sheet(write(tmp_path, PERSIAN, encoding=encoding))
    assert sheet.headers == ["نام", "شهر"]
    assert [cells for _number, cells in sheet.rows] == PERSIAN[1:]


def test_windows_1256_is_read_as_persian(tmp_path):
    rows = [["نام", "شهر"], ["شرکت پارس", "تهران"], ["علي رضايي", "مشهد"]]
    sheet = read_sheet(write(tmp_path, rows, encoding="cp1256"))
    assert sheet.encoding == "cp1256"
    assert sheet.rows[1][1] == ["علي رضايي", "مشهد"]


def test_windows_1252_is_read_as_western(tmp_path):
    rows = [["Name", "City"], ["Zoë Müller", "Köln"], ["José", "São Paulo"]]
    sheet = read_sheet(write(tmp_path, rows, encoding="cp1252"))
    assert sheet.encoding == "cp1252"
    assert sheet.rows[0][1] == ["Zoë Müller", "Köln"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_detected(tmp_path, delimiter):
    rows = [["name", "note"], ["a", "x, y; z"], ["b", "1"]]
    assert sniff(csv_text(rows, delimiter)) == delimiter
    assert [cells for _n, cells in read_sheet(write(tmp_path, rows, delimiter=delimiter)).rows] == rows[1:]


def test_one_column_needs_no_delimiter(tmp_path):
    assert read_sheet(write(tmp_path, [["email"], ["a@b.ir"]])).rows == [(2, ["a@b.ir"])]


def test_rows_keep_their_numbers_and_blank_ones_are_left_out(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("a,b\n1,2\n\n,\n3,4\n")
    assert read_sheet(path).rows == [(2, ["1", "2"]), (5, ["3", "4"])]


def test_the_header_is_found_below_a_preamble(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text('Notes:\n"Some words, and more"\n\nFirst Name,Last Name\nAda,Lovelace\n')
    sheet = read_sheet(path, wanted=["First Name", "Last Name"])
    assert sheet.rows == [(5, ["Ada", "Lovelace"])]


def test_repeated_headers_get_numbers(tmp_path):
    assert read_sheet(write(tmp_path, [["a", "a", "b"], ["1", "2", "3"]])).headers == ["a", "a (2)", "b"]


def test_ragged_rows_are_refused_one_by_one(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("a,b\n1\n1,2,3\n1,2,\n")
    sheet = read_sheet(path)
    assert [problem.row for problem in sheet.problems] == [2, 3]
    assert sheet.rows == [(4, ["1", "2"])]


def test_quoted_newlines_and_excel_text_cells(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text('a,b\n"one\ntwo","=""0912"""\n')
    assert read_sheet(path).rows == [(2, ["one\ntwo", "0912"])]


def test_nul_and_huge_cells_are_refused(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("a,b\nx\x00y,2\n" + "z" * (MAX_CELL + 1) + ",2\n3,4\n")
    sheet = read_sheet(path)
    assert [(problem.row, problem.column) for problem in sheet.problems] == [(2, "a"), (3, "a")]
    assert sheet.rows == [(4, ["3", "4"])]


@pytest.mark.parametrize("content", [b"", b"  \n", b"a,b\n", b"a,b\n,\n"])
def test_files_without_data_are_refused(tmp_path, content):
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(DomainError):
        read_sheet(path)


def test_a_missing_file_and_a_missing_column_are_named(tmp_path):
    with pytest.raises(DomainError, match=r"nothing\.csv"):
        read_sheet(tmp_path / "nothing.csv")
    with pytest.raises(DomainError, match="mobile"):
        read_sheet(write(tmp_path, [["name"], ["a"]]), wanted=["mobile"])


def test_a_wrong_encoding_by_name_is_refused(tmp_path):
    path = write(tmp_path, [["نام"], ["علي"]], encoding="cp1256")
    with pytest.raises(DomainError, match="utf-8"):
        read_sheet(path, encoding="utf-8")


def workbook(path, write_cells):
    book = xlsxwriter.Workbook(str(path))
    write_cells(book, book.add_worksheet("داده"))
    book.close()
    return path


def test_workbooks_give_typed_cells(tmp_path):
    def cells(book, sheet):
        sheet.write_row(0, 0, ["name", "phone", "day"])
        sheet.write_row(1, 0, ["علی", 9121234567])
        sheet.write_datetime(1, 2, dt.date(2024, 3, 20), book.add_format({"num_format": "yyyy-mm-dd"}))

    sheet = read_sheet(workbook(tmp_path / "f.xlsx", cells))
    assert sheet.rows == [(2, ["علی", 9121234567.0, dt.date(2024, 3, 20)])]


def test_formulas_without_a_value_and_errors_are_refused(tmp_path):
    def cells(book, sheet):
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [1, 2])
        sheet.write(2, 0, 1)
        sheet.write_formula(2, 1, "=A3*2", None, "")
        sheet.write(3, 0, 1)
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
        sheet.write(4, 0, 1)
        sheet.write_formula(4, 1, "=A5*2", None, 2)

    sheet = read_sheet(workbook(tmp_path / "f.xlsx", cells))
    assert [row for row, _cells in sheet.rows] == [2, 5]
    assert [(problem.row, problem.column) for problem in sheet.problems] == [(3, "b"), (4, "b")]


def test_a_broken_workbook_is_refused(tmp_path):
    path = tmp_path / "f.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(DomainError, match="XLSX"):
        read_sheet(path)
