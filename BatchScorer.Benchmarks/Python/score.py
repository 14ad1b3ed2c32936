"""Scores a range of keys as a data team's script does: pandas, xgboost, psycopg2, chunks of 50,000 rows.

    score.py SOURCE FIRST LAST

The connection is that of libpq's variables (PGHOST and its like). The model is trained before the script says "ready", on a
sample of the table and random labels, since only its size matters. From then on each line with the name of a predictions
table has the rows from FIRST up to LAST scored into that table, and is answered with their number.
"""

import io
import sys

import numpy
import pandas
import psycopg2
import xgboost

CHUNK = 50_000
SAMPLE = 20_000
TREES = 100
LEAVES = 20
NUMBERS = [f"number{i}" for i in range(1, 21)]
CATEGORIES = ["category1", "category2", "category3"]
TARGET = ["id", "source_cursor", "predicted_label", "score", "probability", "run_id", "chunk_no", "planned_on"]


def read(cursor, source, first, last):
    rows = io.BytesIO()
    cursor.copy_expert(
        f"COPY (SELECT * FROM {source} WHERE id >= {first} AND id < {last} ORDER BY id) TO STDOUT (FORMAT CSV, HEADER)", rows)
    rows.seek(0)
    return pandas.read_csv(rows, dtype=dict.fromkeys(NUMBERS, "float32"))


def encode(rows, names=None):
    features = pandas.get_dummies(rows[NUMBERS + CATEGORIES], columns=CATEGORIES)
    return features if names is None else features.reindex(columns=names, fill_value=0)


def train(sample):
    features = encode(sample)
    labels = numpy.random.default_rng(1).integers(0, 2, len(features))
    parameters = {
        "objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide",
        "max_depth": 0, "max_leaves": LEAVES, "nthread": 1,  # a process for each partition, a core for each process
    }
    return xgboost.train(parameters, xgboost.DMatrix(features, labels), TREES), list(features.columns)


def score(model, names, rows):
    margins = model.inplace_predict(encode(rows, names), predict_type="margin")
    return pandas.DataFrame({
        "id": rows["id"],
        "source_cursor": rows["updated_at"],
        "predicted_label": margins > 0,
        "score": margins,
        "probability": 1 / (1 + numpy.exp(-margins)),
        "run_id": 1,
        "chunk_no": 0,
        "planned_on": pandas.Timestamp.now("UTC").date(),
    })


def write(cursor, target, predictions):
    rows = io.StringIO()
    predictions.to_csv(rows, columns=TARGET, header=False, index=False)
    rows.seek(0)
    cursor.copy_expert(f"COPY {target} ({', '.join(TARGET)}) FROM STDIN (FORMAT CSV)", rows)


def main(source, first, last):
    connection = psycopg2.connect("")
    with connection, connection.cursor() as cursor:
        model, names = train(read(cursor, source, 1, 1 + SAMPLE))
    print("ready", flush=True)

    for line in sys.stdin:
        scored = 0
        for start in range(first, last, CHUNK):
            with connection, connection.cursor() as cursor:
                rows = read(cursor, source, start, min(last, start + CHUNK))
                write(cursor, line.strip(), score(model, names, rows))
                scored += len(rows)
        print(scored, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
