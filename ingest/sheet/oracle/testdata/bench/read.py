"""Reads the first sheet of a file with one of Python's readers, for the
benchmark (see bench_test.go):

    read.py READER version      prints the version of the library
    read.py READER read FILE    prints seconds, rows and cells that are not empty

The seconds are those of reading alone, imports and counting left out. For
openpyxl, which gives rows one by one, the counting is inside, as it is for the
Go readers; it is a call or two a row.
"""
import sys
import time

# Empty is empty and nothing else: by default pandas also takes texts such as
# "NA" for missing, and would lose cells.
EXACT = dict(header=None, keep_default_na=False, na_values=[""])


def versions(*names):
    return " + ".join(f"{n} {sys.modules[n].__version__}" for n in names)


def openpyxl_rows(path):
    start = time.perf_counter()
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = cells = 0
    for row in book.worksheets[0].iter_rows(values_only=True):
        n = len(row) - row.count(None) - row.count("")
        rows += n > 0
        cells += n
    return time.perf_counter() - start, rows, cells


def frame(read):
    start = time.perf_counter()
    table = read()
    seconds = time.perf_counter() - start
    filled = table.notna()
    return seconds, int(filled.any(axis=1).sum()), int(filled.to_numpy().sum())


reader, what = sys.argv[1:3]
if reader == "openpyxl":
    import openpyxl
    version = versions("openpyxl")
    read = openpyxl_rows
elif reader == "pandas-xlsx":
    import openpyxl
    import pandas
    version = versions("pandas", "openpyxl")
    read = lambda path: frame(lambda: pandas.read_excel(path, engine="openpyxl", **EXACT))
elif reader == "pandas-ods":
    import importlib.metadata
    import odf.opendocument
    import pandas
    version = versions("pandas") + " + odfpy " + importlib.metadata.version("odfpy")
    read = lambda path: frame(lambda: pandas.read_excel(path, engine="odf", **EXACT))
elif reader == "pandas-csv":
    import pandas
    version = versions("pandas")
    read = lambda path: frame(lambda: pandas.read_csv(path, **EXACT))
else:
    sys.exit(f"no reader {reader}")

if what == "version":
    print(version)
else:
    print(*read(sys.argv[3]))
