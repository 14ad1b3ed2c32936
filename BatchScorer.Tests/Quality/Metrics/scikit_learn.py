"""Writes scikit-learn.json: small data sets, and what scikit-learn (1.2.1 here) says of them. Run by hand: python3 scikit_learn.py"""
import json

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

random = np.random.RandomState(20260301)


def binary(name, labels, scores, threshold=0.5):
    labels, scores = np.array(labels, dtype=bool), np.array(scores, dtype=float)
    yes = scores >= threshold
    expected = {
        "auc": metrics.roc_auc_score(labels, scores),
        "accuracy": metrics.accuracy_score(labels, yes),
        "precision": metrics.precision_score(labels, yes),
        "recall": metrics.recall_score(labels, yes),
        "f1": metrics.f1_score(labels, yes),
    }
    case = {"name": name, "threshold": threshold, "labels": labels.tolist(), "scores": scores.tolist(), "expected": expected}
    if scores.min() >= 0 and scores.max() <= 1:
        expected["log_loss"] = metrics.log_loss(labels, scores)
        expected["brier"] = metrics.brier_score_loss(labels, scores)
        shares, means = calibration_curve(labels, scores, n_bins=10)
        case["calibration"] = [{"meanProbability": mean, "positiveShare": share} for mean, share in zip(means, shares)]
    return case


def regression(name, labels, predictions):
    return {"name": name, "labels": list(map(float, labels)), "predictions": list(map(float, predictions)), "expected": {
        "rmse": metrics.mean_squared_error(labels, predictions, squared=False),
        "mae": metrics.mean_absolute_error(labels, predictions),
        "r2": metrics.r2_score(labels, predictions),
    }}


def multiclass(name, classes, labels, probabilities):
    probabilities = np.array(probabilities)
    predicted = [classes[i] for i in probabilities.argmax(axis=1)]
    matrix = metrics.confusion_matrix(labels, predicted, labels=classes)
    return {"name": name, "classes": classes, "labels": list(labels), "predicted": predicted, "probabilities": probabilities.tolist(), "expected": {
        "accuracy": metrics.accuracy_score(labels, predicted),
        "log_loss": metrics.log_loss(labels, probabilities, labels=classes),
        "macro_f1": metrics.f1_score(labels, predicted, average="macro"),
    }, "confusion": matrix.tolist()}


def coin(probabilities):
    return random.rand(len(probabilities)) < probabilities


def softmax(rows):
    powers = np.exp(rows)
    return powers / powers.sum(axis=1, keepdims=True)


apart = random.rand(80)
tied = random.randint(0, 11, 80) / 10.0
margins = random.randn(60)
sure = np.array([0.0, 1.0, 0.0, 1.0, 0.2, 0.8, 1.0, 0.0])
price = 100 + 40 * random.randn(50)
classes = ["bird", "cat", "dog"]
wild = softmax(2 * random.randn(60, 3))
rare = softmax(random.randn(40, 3) + [0, 0, -4])

cases = {
    "scikitLearn": sklearn.__version__,
    "binary": [
        binary("all scores differ", coin(apart), apart.round(6)),
        binary("many ties, on the bounds of the bins too", coin(tied), tied),
        binary("another threshold", coin(apart), apart.round(6), 0.3),
        binary("sure, and wrong twice", [0, 1, 1, 0, 0, 1, 1, 0], sure),
        binary("scores that are no probabilities", coin(1 / (1 + np.exp(-margins))), margins.round(6), 0.0),
        binary("one score for all", [1, 0, 0, 1, 0], [0.5] * 5),
        binary("worse than a coin", [1, 1, 1, 0, 0, 0], [0.1, 0.2, 0.6, 0.55, 0.7, 0.9]),
    ],
    "regression": [
        regression("near", price, price + 5 * random.randn(50)),
        regression("worse than the mean", price, 100 - (price - 100)),
        regression("far from zero", price + 1e9, price + 1e9 + random.randn(50)),
    ],
    "multiclass": [
        multiclass("three classes", classes, [classes[random.choice(3, p=p)] for p in wild], wild.tolist()),
        multiclass("a class that never comes", classes, [classes[i % 2] for i in range(40)], rare.tolist()),
        multiclass("sure, and wrong once", classes, ["bird", "cat", "dog"], [[1, 0, 0], [0, 0, 1], [0, 0, 1]]),
    ],
}
with open("scikit-learn.json", "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
