from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from ml_jupyter import Run
from ml_jupyter.callbacks import log_estimator

run = Run.get_context()
x, y = load_digits(return_X_y=True)
steps = make_pipeline(StandardScaler(), SVC())
search = GridSearchCV(steps, {"svc__C": [0.1, 10.0]}, cv=3).fit(x[:300], y[:300])
log_estimator(search, x[300:600], y[300:600])
network = MLPClassifier(8, max_iter=500, tol=0.01, random_state=0).fit(x[:300], y[:300])
with run.child_run(name="network") as child:
    log_estimator(network, x[300:600], y[300:600], run=child)
with run.child_run(name="pipeline") as child:
    log_estimator(steps.fit(x[:300], y[:300]), run=child)
