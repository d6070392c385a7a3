import lightgbm
from sklearn.datasets import load_breast_cancer

from ml_jupyter.callbacks import LightGBMCallback

x, y = load_breast_cancer(return_X_y=True)
data = lightgbm.Dataset(x, y)
params = {"objective": "binary", "num_leaves": 5, "verbose": -1}
lightgbm.train(
    params, data, 6, valid_sets=[data], valid_names=["train"], callbacks=[LightGBMCallback()]
)
lightgbm.cv(params, data, 4, nfold=3, metrics="auc", callbacks=[LightGBMCallback()])
model = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1)
model.fit(x, y, eval_set=[(x, y)], callbacks=[LightGBMCallback()])
