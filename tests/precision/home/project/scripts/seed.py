import json
import pathlib

rows = json.loads(pathlib.Path("data/seed.json").read_text())
print(len(rows), "rows")
