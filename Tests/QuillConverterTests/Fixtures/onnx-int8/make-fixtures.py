"""Makes the int8 ONNX networks of this folder with onnxruntime's static quantiser, and onnxruntime's answers.

    python make-fixtures.py                          writes the fixtures here
    python make-fixtures.py FLOAT.onnx IMAGES OUT    quantises a digit network in every setting into the folder OUT,
                                                     with the answers to IMAGES (IDX, gzip) in NAME.f32

NAME.onnx is a network; NAME.f32 holds little-endian float32: the inputs of all samples, then the outputs of all samples.
"""

import gzip
import itertools
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

random = np.random.default_rng(4)


class Reader(CalibrationDataReader):
    def __init__(self, name, arrays):
        self.rest = iter([{name: array} for array in arrays])

    def get_next(self):
        return next(self.rest, None)


def constant(name, *shape, scale=0.4, source=random):
    return numpy_helper.from_array((source.normal(size=shape) * scale).astype(np.float32), name)


def network(name, nodes, constants, shape):
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 5])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def cnn():
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["c1"], pads=[1, 1, 1, 1]),
        node("Relu", ["c1"], ["r1"]),
        node("MaxPool", ["r1"], ["p1"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["p1", "w2", "b2"], ["c2"], pads=[1, 1, 1, 1], group=6),
        node("Clip", ["c2", "zero", "six"], ["r2"]),
        node("Conv", ["r2", "w3"], ["c3"]),
        node("Add", ["c3", "p1"], ["s"]),
        node("AveragePool", ["s"], ["a"], kernel_shape=[2, 2], strides=[1, 1]),
        node("Flatten", ["a"], ["f"]),
        node("Gemm", ["f", "w4", "b4"], ["g"], transB=1),
        node("Softmax", ["g"], ["y"], axis=1),
    ]
    constants = [
        constant("w1", 6, 1, 3, 3), constant("b1", 6), constant("w2", 6, 1, 3, 3), constant("b2", 6),
        constant("w3", 6, 6, 1, 1), constant("w4", 5, 54, scale=0.2), constant("b4", 5),
        numpy_helper.from_array(np.float32(0), "zero"), numpy_helper.from_array(np.float32(6), "six"),
    ]
    return network("cnn", nodes, constants, [1, 1, 8, 8])


def functions():
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["c1"], strides=[2, 2]),
        node("Sigmoid", ["c1"], ["s"]),
        node("LeakyRelu", ["c1"], ["l"], alpha=0.1),
        node("Mul", ["s", "l"], ["m"]),
        node("Concat", ["m", "s"], ["c"], axis=1),
        node("GlobalAveragePool", ["c"], ["a"]),
        node("Reshape", ["a", "shape"], ["f"]),
        node("MatMul", ["f", "w2"], ["p"]),
        node("Add", ["p", "b2"], ["y"]),
    ]
    constants = [
        constant("w1", 4, 2, 3, 3), constant("b1", 4), constant("w2", 8, 5), constant("b2", 5),
        numpy_helper.from_array(np.array([1, 8], np.int64), "shape"),
    ]
    return network("functions", nodes, constants, [1, 2, 7, 7])


def normed():
    """Normalisation behind activations, on images and on rows; one channel of the first is scaled by 0."""
    node = helper.make_node
    source = np.random.default_rng(5)
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["c1"], pads=[1, 1, 1, 1]),
        node("Relu", ["c1"], ["r1"]),
        node("BatchNormalization", ["r1", "g1", "h1", "m1", "v1"], ["n1"]),
        node("Conv", ["n1", "w2", "b2"], ["c2"], pads=[1, 1, 1, 1]),
        node("Relu", ["c2"], ["r2"]),
        node("MaxPool", ["r2"], ["p2"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", ["p2"], ["f"]),
        node("Gemm", ["f", "w3", "b3"], ["c3"], transB=1),
        node("Relu", ["c3"], ["r3"]),
        node("BatchNormalization", ["r3", "g3", "h3", "m3", "v3"], ["n3"]),
        node("Gemm", ["n3", "w4", "b4"], ["y"], transB=1),
    ]
    shapes = {"w1": (6, 2, 3, 3), "b1": (6,), "w2": (6, 6, 3, 3), "b2": (6,), "w3": (8, 54), "b3": (8,), "w4": (5, 8), "b4": (5,)}
    constants = [constant(name, *shape, source=source) for name, shape in shapes.items()]
    for layer, channels in [("1", 6), ("3", 8)]:
        gain = source.uniform(0.5, 1.5, channels)
        gain[1] = 0
        parts = {"g": gain, "h": source.normal(size=channels) * 0.2, "m": source.normal(size=channels) * 0.2,
                 "v": source.uniform(0.3, 2, channels)}
        constants += [numpy_helper.from_array(np.float32(part), name + layer) for name, part in parts.items()]
    return network("normed", nodes, constants, [1, 2, 6, 6])


def quantised(model, arrays, path, form, activations, per_channel):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "float.onnx"
        onnx.save(model, source)
        name = model.graph.input[0].name
        quantize_static(
            source, path, Reader(name, arrays), quant_format=form, per_channel=per_channel, activation_type=activations,
            weight_type=QuantType.QInt8)


def answers(path, arrays):
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return [session.run(None, {name: array})[0] for array in arrays]


def write(model, base, arrays, calibration, folder):
    forms = {"qdq": QuantFormat.QDQ, "qoperator": QuantFormat.QOperator}
    types = {"uint8": QuantType.QUInt8, "int8": QuantType.QInt8}
    for form, kind, per_channel in itertools.product(forms, types, [True, False]):
        name = f"{base}-{form}-{kind}-{'channel' if per_channel else 'tensor'}"
        path = folder / f"{name}.onnx"
        quantised(model, calibration, path, forms[form], types[kind], per_channel)
        results = answers(path, arrays)
        values = np.concatenate([array.ravel() for array in arrays + results]).astype("<f4")
        (folder / f"{name}.f32").write_bytes(values.tobytes())
        print(name, path.stat().st_size)


if len(sys.argv) == 4:
    float_path, images_path, folder = sys.argv[1:]
    images = np.frombuffer(gzip.open(images_path).read()[16:], np.uint8).reshape(-1, 784)
    model = onnx.load(float_path)
    shape = [1] + [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim][1:]
    arrays = [(image / np.float32(255)).astype(np.float32).reshape(shape) for image in images]
    write(model, "digits", arrays[:2000], arrays[-200:], pathlib.Path(folder))
else:
    here = pathlib.Path(__file__).parent
    for base, model in [("cnn", cnn()), ("functions", functions()), ("normed", normed())]:
        shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
        arrays = [random.uniform(-1, 1, size=shape).astype(np.float32) for _ in range(64)]
        write(model, base, arrays[:16], arrays, here)
