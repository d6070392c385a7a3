import xgboost
from sklearn.datasets import load_breast_cancer

from ml_jupyter.callbacks import XGBoostCallback

x, y = load_breast_cancer(return_X_y=True)
data = xgboost.DMatrix(x, y)
params = {"objective": "binary:logistic", "max_depth": 2}
xgboost.train(
    params, data, 6, evals=[(data, "train")], callbacks=[XGBoostCallback()], verbose_eval=False
)
xgboost.cv(params, data, 4, nfold=3, metrics="auc", callbacks=[XGBoostCallback()])
