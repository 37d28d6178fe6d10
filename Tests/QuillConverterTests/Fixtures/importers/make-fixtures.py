"""Makes the fixtures of the Keras, HDF5 and TensorFlow Lite readers, and what they must answer (expected.json).

python3 -m venv v && v/bin/pip install tensorflow-cpu==2.21.0 keras==3.15.1 h5py && v/bin/python make-fixtures.py
Weights are drawn from a seeded generator; a rerun gives the same networks, though not the same bytes in every container.
"""
import io
import json
import os
import sys
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20261121)
expected = {}


def path(name):
    return os.path.join(HERE, name)


def draw(model):
    for weight in model.weights:
        if "seed" in weight.path or weight.dtype != "float32":
            continue
        values = rng.normal(0, 0.5, weight.shape)
        weight.assign((np.abs(values) + 0.4 if "variance" in weight.path else values).astype("float32"))
    return model


def expect(name, model, positive=False):
    inputs = [rng.normal(0, 1, (2,) + tuple(i.shape[1:])).astype("float32") for i in model.inputs]
    if positive:
        inputs = [np.abs(i) * 90 for i in inputs]
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    expected[name] = {"inputs": [i.reshape(2, -1).tolist() for i in inputs],
                      "outputs": [o.reshape(2, -1).tolist() for o in outputs]}


def deflated(name):
    """Packs a .keras archive again, with its members deflated."""
    with zipfile.ZipFile(path(name)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def sequential():
    return draw(keras.Sequential([
        L.Input((6, 6, 1)), L.Conv2D(3, 3, strides=2, padding="same", use_bias=False), L.BatchNormalization(),
        L.ReLU(6.0), L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="relu"),
        L.MaxPooling2D(2, padding="same"), L.Dropout(0.3), L.Flatten(), L.Dense(4, activation="softmax")]))


def functional():
    x = L.Input((6, 6, 2), name="picture")
    y = L.GaussianNoise(0.1)(L.RandomRotation(0.1)(L.Rescaling(1 / 127.5, offset=-1)(x)))
    a = L.Conv2D(4, (3, 2), padding="same", dilation_rate=2, activation="tanh")(y)
    b = L.LeakyReLU()(L.SeparableConv2D(4, 3, padding="same", depth_multiplier=2)(y))
    c = L.Multiply()([L.Add()([a, b, b]), L.Subtract()([a, b])])
    d = L.Concatenate()([c, L.Maximum()([a, b]), L.Average()([a, b, c])])
    e = L.Cropping2D(((1, 0), (0, 1)))(L.ZeroPadding2D(((1, 2), (0, 3)))(d))
    f = L.AveragePooling2D(3, 2, padding="same")(L.UpSampling2D((2, 1))(e))
    g = L.Concatenate()([L.GlobalAveragePooling2D()(f), L.GlobalMaxPooling2D()(f)])
    h = L.Softmax()(L.Reshape((-1, 2))(L.Permute((2, 1))(L.Reshape((4, 6))(g))))
    return draw(keras.Model(x, [L.Dense(3, name="answer")(L.Flatten()(h)), L.Dense(2, activation="elu")(g)]))


def nested():
    inside = L.Input((4,))
    inner = keras.Model(inside, L.Dense(4, activation="relu")(L.BatchNormalization()(L.Dense(4)(inside))), name="inner")
    sequence = keras.Sequential([L.Input((4,)), L.Dense(4, activation="selu"), L.BatchNormalization()], name="sequence")
    one, two = L.Input((4,)), L.Input((4,))
    shared = L.Dense(4, name="shared")
    total = L.Add()([inner(shared(one)), sequence(shared(two)), inner(two)])
    return draw(keras.Model([one, two], L.Dense(2)(total)))


def activations():
    names = ["sigmoid", "hard_sigmoid", "swish", "leaky_relu", "relu6", "hard_swish", "softsign", "exponential"]
    return draw(keras.Sequential([L.Input((3,))] + [L.Dense(3, activation=n) for n in names]
                                 + [L.PReLU(), L.ELU(0.7), L.Dense(3, activation="log_softmax")]))


def keras_files():
    for name, make in [("sequential.h5", sequential), ("functional.keras", functional), ("nested.h5", nested),
                       ("nested.keras", nested), ("activations.keras", activations)]:
        model = make()
        expect(name, model, positive=name.startswith("functional"))
        model.save(path(name))
        if name.endswith(".keras"):
            deflated(name)
    keras.Sequential([L.Input((2,)), L.Dense(2)]).save_weights(path("only.weights.h5"))
    keras_two()
    windows()
    refusals()


def keras_two():
    """A network as Keras 2.2 wrote it: layers as a bare list, no InputLayer, hard_sigmoid with slope 0.2."""
    kernel, bias = rng.normal(0, 1, (3, 4)).astype("float32"), rng.normal(0, 1, 4).astype("float32")
    config = {"class_name": "Sequential", "config": [
        {"class_name": "Dense", "config": {"name": "dense_1", "trainable": True, "batch_input_shape": [None, 3],
                                           "dtype": "float32", "units": 4, "activation": "hard_sigmoid",
                                           "use_bias": True}},
        {"class_name": "LeakyReLU", "config": {"name": "leaky_re_lu_1", "trainable": True,
                                               "alpha": {"type": "ndarray", "value": 0.25}}},
        {"class_name": "Activation", "config": {"name": "activation_1", "trainable": True, "activation": "softmax"}}]}
    with h5py.File(path("keras-2.2.h5"), "w") as file:
        file.attrs["keras_version"] = b"2.2.4"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps(config).encode("utf8")
        weights = file.create_group("model_weights")
        names = [layer["config"]["name"] for layer in config["config"]]
        weights.attrs["layer_names"] = [n.encode() for n in names]
        for name in names:
            group = weights.create_group(name)
            group.attrs["weight_names"] = [b"dense_1/kernel:0", b"dense_1/bias:0"] if name == "dense_1" else []
            if name == "dense_1":
                group["dense_1/kernel:0"], group["dense_1/bias:0"] = kernel, bias
    x = rng.normal(0, 1, (2, 3)).astype("float32")
    y = np.clip(0.2 * (x @ kernel + bias) + 0.5, 0, 1)
    e = np.exp(y - y.max(1, keepdims=True))
    expected["keras-2.2.h5"] = {"inputs": [x.tolist()], "outputs": [(e / e.sum(1, keepdims=True)).tolist()]}


def windows():
    """A .keras of Keras 2.15 on Windows: each path of the weight file is one name, joined by backslashes."""
    kernel, bias = rng.normal(0, 1, (3, 2)).astype("float32"), rng.normal(0, 1, 2).astype("float32")
    layer = {"module": "keras.layers", "registered_name": None}
    config = {"module": "keras", "class_name": "Sequential", "registered_name": None, "config": {
        "name": "sequential", "layers": [
            {**layer, "class_name": "InputLayer", "config": {"batch_input_shape": [None, 3], "name": "input_1"}},
            {**layer, "class_name": "Dense", "config": {"name": "classes", "units": 2, "activation": "linear"}}]}}
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        group = file.create_group("layers\\dense").create_group("vars")
        group["0"], group["1"] = kernel, bias
    with zipfile.ZipFile(path("windows-2.15.keras"), "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in [("metadata.json", json.dumps({"keras_version": "2.15.0"}).encode()),
                             ("config.json", json.dumps(config).encode()), ("model.weights.h5", content.getvalue())]:
            archive.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    x = rng.normal(0, 1, (2, 3)).astype("float32")
    expected["windows-2.15.keras"] = {"inputs": [x.tolist()], "outputs": [(x @ kernel + bias).tolist()]}


def refusals():
    keras.Sequential([L.Input((2,)), L.Lambda(lambda t: t * 2, name="doubling")]).save(path("lambda.h5"))
    keras.Sequential([L.Input((4, 2)), L.LSTM(2)]).save(path("lstm.keras"))
    deflated("lstm.keras")


def hdf5_files():
    """Everything that h5py writes, by its oldest and newest formats; each data set's numbers in expected.json."""
    for version, name in [(("earliest", "v108"), "earliest.h5"), (("latest", "latest"), "latest.h5")]:
        with h5py.File(path(name), "w", libver=version) as file:
            arrays = hdf5_content(file)
        expected[name] = {k: {"shape": list(v.shape), "values": v.astype("float64").ravel().tolist()}
                          for k, v in arrays.items()}


def hdf5_content(file):
    arrays = {}

    def data(name, values, **options):
        values = np.asarray(values)
        if options.pop("compact", False):
            plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            plist.set_layout(h5py.h5d.COMPACT)
            space = h5py.h5s.create_simple(values.shape)
            made = h5py.h5d.create(file.id, name.encode(), h5py.h5t.py_create(values.dtype), space, dcpl=plist)
            made.write(h5py.h5s.ALL, h5py.h5s.ALL, values)
        else:
            file.create_dataset(name, data=values, **options)
        arrays[name] = values

    grid = rng.normal(0, 1, (7, 5)).astype("float32")
    data("scalar", np.float32(1.5))
    data("plain", grid)
    data("compact", grid[:2], compact=True)
    data("double", grid.astype(">f8"))
    data("half", grid.astype("<f2"))
    data("bytes", np.arange(-4, 4, dtype="int8"))
    data("words", np.arange(-4, 4, dtype=">i4") * 1000)
    data("counts", np.arange(5, dtype="uint16") * 10_000)
    data("chunked", grid, chunks=(3, 2))
    data("deflated", grid, chunks=(3, 2), compression="gzip", shuffle=True, fletcher32=True)
    data("one chunk", grid, chunks=(7, 5), compression="gzip")
    data("growing", grid, chunks=(3, 2), maxshape=(None, None))
    data("growing packed", grid, chunks=(3, 2), maxshape=(None, None), compression="gzip")
    made = file.create_dataset("partly", (6, 4), "float32", chunks=(2, 2), fillvalue=0.25)
    made[0:2, 2:4] = 3
    arrays["partly"] = made[...]
    empty = file.create_dataset("never written", (3,), "float32", fillvalue=-1)
    arrays["never written"] = empty[...]
    many = file.create_group("many", track_order=True)
    for k in range(12):
        many[f"member {k}"] = np.float32(k)
        arrays[f"many/member {k}"] = np.float32(k)
    few = file.create_group("a/b/c")
    few.attrs["fixed"] = np.bytes_("a fixed string")
    few.attrs["variable"] = "ein wörtlicher Text"
    few.attrs["list"] = ["one", "two", "three"]
    few.attrs["fixed list"] = np.array([b"one", b"two", b"three"], dtype="S5")
    few.attrs["parts0"], few.attrs["parts1"] = ["p", "q"], ["r"]
    attributes = file.create_group("attributes", track_order=True)
    for k in range(12):
        attributes.attrs[f"attribute {k}"] = f"value {k}"
    attributes.attrs["long"] = np.bytes_("long " * 1200)
    return arrays


def tflite_files():
    model = draw(keras.Sequential([
        L.Input((6, 6, 1)), L.Conv2D(3, 3, padding="same", activation="relu6"),
        L.DepthwiseConv2D(3, strides=2, padding="same"), L.LeakyReLU(0.1), L.AveragePooling2D(2), L.Flatten(),
        L.Dense(3, activation="softmax")]))
    images = np.abs(rng.normal(0, 1, (20, 6, 6, 1))).astype("float32")
    for kind in ["float", "float16", "dynamic", "int8", "uint8-edges", "float-edges"]:
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        if kind != "float":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if kind == "float16":
            converter.target_spec.supported_types = [tf.float16]
        if kind in ("int8", "uint8-edges", "float-edges"):
            converter.representative_dataset = lambda: ([image[None]] for image in images)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        if kind in ("int8", "uint8-edges"):
            converter.inference_input_type = converter.inference_output_type = tf.int8 if kind == "int8" else tf.uint8
        content = converter.convert()
        with open(path(f"small-{kind}.tflite"), "wb") as file:
            file.write(content)
        runtime = tf.lite.Interpreter(
            model_content=content,
            experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)
        runtime.allocate_tensors()
        given, answered = runtime.get_input_details()[0], runtime.get_output_details()[0]
        inputs, outputs = [], []
        for image in images[:4]:
            x = image[None]
            if given["dtype"] != np.float32:
                scale, zero = given["quantization"]
                bounds = np.iinfo(given["dtype"])
                x = np.clip(np.round(x / scale) + zero, bounds.min, bounds.max).astype(given["dtype"])
            runtime.set_tensor(given["index"], x)
            runtime.invoke()
            inputs.append(x.ravel().tolist())
            outputs.append(runtime.get_tensor(answered["index"]).ravel().tolist())
        expected[f"small-{kind}.tflite"] = {"inputs": [inputs], "outputs": [outputs]}


def more_keras_files():
    """Networks with another order of axes, sequences, functions and arithmetic; h5 and keras."""
    for name, make in [("channels-first", channels_first), ("sequences", sequences), ("arithmetic", arithmetic)]:
        for ending in [".h5", ".keras"]:
            make(name + ending)


def save(name, model):
    model.save(path(name))
    if name.endswith(".keras"):
        deflated(name)


def channels_first(name):
    """TensorFlow computes channels first on a GPU only: the answers are those of the same network with channels last."""
    def build(order, shape):
        kind = {"data_format": order}
        axis = 1 if order == "channels_first" else -1
        x = L.Input(shape)
        y = L.ZeroPadding2D(((1, 0), (0, 2)), **kind)(x)
        y = L.BatchNormalization(axis=axis)(L.Conv2D(4, 3, strides=(1, 2), padding="same", **kind)(y))
        y = L.DepthwiseConv2D(3, padding="same", activation="relu", **kind)(y)
        y = L.Concatenate(axis=axis)([y, L.SeparableConv2D(3, 3, padding="same", **kind)(y)])
        y = L.Cropping2D(((0, 1), (1, 0)), **kind)(L.UpSampling2D(2, **kind)(y))
        pooled = L.GlobalAveragePooling2D(**kind)(L.AveragePooling2D(2, **kind)(y))
        y = L.Flatten(**kind)(L.MaxPooling2D(3, **kind)(y))
        return keras.Model(x, L.Dense(3)(L.Concatenate()([y, pooled])))

    last = draw(build("channels_last", (6, 7, 2)))
    first = build("channels_first", (2, 6, 7))
    first.set_weights(last.get_weights())
    x = rng.normal(0, 1, (2, 6, 7, 2)).astype("float32")
    expected[name] = {"inputs": [x.transpose(0, 3, 1, 2).reshape(2, -1).tolist()],
                      "outputs": [last.predict(x, verbose=0).tolist()]}
    save(name, first)


def sequences(name):
    model = draw(keras.Sequential([
        L.Input((16, 3)), L.Conv1D(4, 3, padding="causal", activation="gelu"), L.BatchNormalization(),
        L.SeparableConv1D(5, 3, strides=2, padding="same"), L.LayerNormalization(), L.MaxPooling1D(),
        L.ZeroPadding1D(1), L.UpSampling1D(2), L.Cropping1D((1, 2)), L.AveragePooling1D(3, 1, padding="same"),
        L.Conv1D(4, 2, activation="mish"), L.GlobalMaxPooling1D(), L.RepeatVector(2), L.Flatten(),
        L.Dense(3, activation="softplus")]))
    expect(name, model)
    save(name, model)


def arithmetic(name):
    x = L.Input((5, 5, 1))
    y = keras.ops.relu(L.Conv2D(3, 3)((x / 255.0) * 2 - 1))
    y = keras.ops.mean(1 - y, axis=(1, 2))
    model = draw(keras.Model(x, L.Dense(3, activation="log_sigmoid")(y)))
    expect(name, model, positive=True)
    save(name, model)


def slashed():
    """A tf.keras network with a function whose axis is given by name, and a layer whose name holds a slash."""
    draws = np.random.default_rng(7)
    kernel, bias = draws.normal(0, 1, (3, 2)).astype("float32"), draws.normal(0, 1, 2).astype("float32")
    mean = {"name": "tf.math.reduce_mean", "trainable": True, "dtype": "float32", "function": "math.reduce_mean"}
    layers = [
        {"class_name": "InputLayer", "name": "input_1", "inbound_nodes": [],
         "config": {"name": "input_1", "batch_input_shape": [None, 4, 3], "dtype": "float32"}},
        {"class_name": "TFOpLambda", "name": mean["name"], "config": mean,
         "inbound_nodes": [["input_1", 0, 0, {"axis": [1], "keepdims": False}]]},
        {"class_name": "Dense", "name": "block/dense", "inbound_nodes": [[[mean["name"], 0, 0, {}]]],
         "config": {"name": "block/dense", "units": 2, "activation": "linear", "use_bias": True}}]
    config = {"class_name": "Functional", "config": {
        "name": "slashed", "layers": layers, "input_layers": [["input_1", 0, 0]],
        "output_layers": [["block/dense", 0, 0]]}}
    with h5py.File(path("slashed.h5"), "w") as file:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["model_config"] = json.dumps(config)
        group = file.create_group("model_weights").create_group("block/dense")
        group.attrs["weight_names"] = ["block/dense/kernel:0", "block/dense/bias:0"]
        group["block/dense/kernel:0"], group["block/dense/bias:0"] = kernel, bias
    x = draws.normal(0, 1, (2, 4, 3)).astype("float32")
    expected["slashed.h5"] = {"inputs": [x.reshape(2, -1).tolist()], "outputs": [(x.mean(1) @ kernel + bias).tolist()]}


def grouped():
    global rng
    rng = np.random.default_rng(8)
    model = draw(keras.Sequential([
        L.Input((5, 4, 6)), L.GroupNormalization(3), L.Conv2D(4, 3), L.GroupNormalization(-1, scale=False), L.Flatten(),
        L.Dense(2)]))
    expect("grouped.keras", model)
    save("grouped.keras", model)


def enlarged():
    """Networks that make images larger: transposed convolutions of several kinds, and bilinear resizing."""
    global rng
    rng = np.random.default_rng(9)
    model = draw(keras.Sequential([
        L.Input((3, 4, 2)), L.Conv2DTranspose(3, 3, strides=2, padding="same", activation="relu"),
        L.Conv2DTranspose(2, 4, strides=2, padding="same", use_bias=False), L.BatchNormalization(), L.LeakyReLU(),
        L.Conv2DTranspose(2, (2, 3), strides=(1, 2), activation="tanh"),
        L.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=0),
        L.Conv2DTranspose(1, 5, padding="valid", dilation_rate=1), L.AveragePooling2D(5), L.Flatten()]))
    expect("transposed.keras", model)
    for name in ("transposed.keras", "transposed.h5"):
        save(name, model)
    expected["transposed.h5"] = expected["transposed.keras"]
    model = draw(keras.Sequential([
        L.Input((6, 5, 1)), L.Resizing(4, 7), L.Conv2D(2, 3), L.UpSampling2D((2, 3), interpolation="bilinear"),
        L.Resizing(3, 15, interpolation="nearest"), L.Flatten()]))
    expect("resizing.keras", model)
    save("resizing.keras", model)


def all_files():
    keras_files()
    slashed()
    hdf5_files()
    tflite_files()
    more_keras_files()
    grouped()
    enlarged()


if __name__ == "__main__":
    # "more", "slashed", "grouped" or "enlarged" makes those alone and keeps the others.
    parts = {"more": more_keras_files, "slashed": slashed, "grouped": grouped, "enlarged": enlarged}
    if sys.argv[1:]:
        with open(path("expected.json")) as file:
            expected.update(json.load(file))
        parts[sys.argv[1]]()
    else:
        all_files()
    with open(path("expected.json"), "w") as file:
        json.dump(expected, file, separators=(",", ":"))
        file.write("\n")
