"""Draws the small ONNX files of this folder and, with onnxruntime, what they answer.

Usage: python make-fixtures.py  (packages onnx, onnxruntime, numpy)

NAME.onnx, beside it NAME.f32: little-endian floats, every input one after another, then every output. The files are
committed: tests read them, and this script is only run again to add to them. Everything is seeded.
"""
import os
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

FOLDER = pathlib.Path(__file__).resolve().parent
random = np.random.default_rng(42)


def weights(*shape):
    return (random.standard_normal(shape) * 0.5).astype(np.float32)


def ints(*values):
    return np.array(values, np.int64)


class Network:
    """Nodes and constants of one file, named as they come."""

    def __init__(self, name, opset, inputs, outputs, producer="fixtures"):
        self.name, self.opset, self.producer = name, opset, producer
        self.inputs, self.outputs, self.nodes, self.constants = inputs, outputs, [], []

    def const(self, array, name=None):
        name = name or f"c{len(self.constants)}"
        self.constants.append(array if isinstance(array, onnx.TensorProto) else nh.from_array(np.asarray(array), name))
        return name

    def node(self, op, inputs, output=None, **attributes):
        outputs = output if isinstance(output, list) else [output or f"t{len(self.nodes)}"]
        names = [self.const(i) if isinstance(i, (np.ndarray, np.generic)) else i for i in inputs]
        self.nodes.append(h.make_node(op, names, outputs, name=f"{op}_{len(self.nodes)}", **attributes))
        return outputs[0]

    def model(self, inputs=None):
        def value(name, shape, kind=T.FLOAT):
            return h.make_tensor_value_info(name, kind, shape)
        graph = h.make_graph(self.nodes, self.name, [value(*i) for i in (inputs or self.inputs)],
                             [value(*o) for o in self.outputs], self.constants)
        model = h.make_model(graph, producer_name=self.producer, opset_imports=[h.make_opsetid("", self.opset)])
        model.ir_version = 8
        h.set_model_props(model, {"made": "for tests"})
        return model

    def save(self, fed=None, run_inputs=None):
        """Writes the file, and its answers on seeded inputs, or with the inputs' shapes of run_inputs."""
        path = FOLDER / f"{self.name}.onnx"
        onnx.save(self.model(), path)
        # Its optimiser would calculate with rounded numbers where weights are stored as integers.
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(self.model(run_inputs).SerializeToString(), options)
        if fed is None:
            fed = [random.uniform(-1, 1, [1 if isinstance(d, str) else d for d in i[1]]).astype(np.float32)
                   for i in (run_inputs or self.inputs)]
        types = {i.name: i.type for i in session.get_inputs()}
        feed = {i[0]: (a.astype(np.uint8) if "uint8" in types[i[0]] else a) for i, a in zip(self.inputs, fed)}
        answers = session.run([o[0] for o in self.outputs], feed)
        data = np.concatenate([np.asarray(a, np.float32).ravel() for a in fed + answers])
        data.astype("<f4").tofile(FOLDER / f"{self.name}.f32")
        print(f"{self.name}: {os.path.getsize(path)} bytes, {data.size} floats")


def pytorch_cnn():
    """As torch.onnx writes a small classifier: NCHW, a batch of 4, the flattening by shape arithmetic."""
    n = Network("pytorch-cnn", 13, [("input", [4, 1, 12, 12])], [("output", [4, 5])], "pytorch")
    x = n.node("Conv", ["input", weights(4, 1, 3, 3), weights(4)], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    x = n.node("BatchNormalization", [x, weights(4), weights(4), weights(4), np.abs(weights(4)) + 0.1], epsilon=1e-5)
    x = n.node("Relu", [x])
    x = n.node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])
    y = n.node("Conv", [x, weights(4, 1, 3, 3)], group=4, pads=[1, 1, 1, 1])
    y = n.node("Conv", [y, weights(4, 4, 1, 1), weights(4)])
    x = n.node("Add", [y, x])
    x = n.node("Clip", [x, np.float32(0), np.float32(6)])
    s = n.node("Shape", [x])
    s = n.node("Gather", [s, np.array(0, np.int64)], axis=0)
    s = n.node("Unsqueeze", [s, ints(0)])
    s = n.node("Concat", [s, ints(-1)], axis=0)
    x = n.node("Reshape", [x, s])
    x = n.node("Gemm", [x, weights(5, 144), weights(5)], transB=1)
    n.node("LogSoftmax", [x], "output", axis=1)
    n.save(run_inputs=[("input", [1, 1, 12, 12])])


def pytorch_fixed_batch():
    """A batch of 3 written into Reshape, Expand and a constant."""
    n = Network("pytorch-fixed-batch", 11, [("input", [3, 2, 4, 4])], [("output", [3, 6])], "pytorch")
    offset = np.repeat(weights(1, 2, 1, 1), 3, axis=0)
    x = n.node("Add", ["input", n.const(offset, "offset")])
    x = n.node("Reshape", [x, n.const(ints(3, -1), "shape")])
    n.node("Gemm", [x, weights(6, 32), weights(6)], "output", transB=1, alpha=0.5, beta=2.0)
    # onnxruntime runs the batch of 3: one image, three times, of which the first answer counts.
    path = FOLDER / f"{n.name}.onnx"
    onnx.checker.check_model(n.model())
    onnx.save(n.model(), path)
    image = random.uniform(-1, 1, (1, 2, 4, 4)).astype(np.float32)
    answer = onnxruntime.InferenceSession(n.model().SerializeToString()).run(None, {"input": image.repeat(3, 0)})[0]
    np.concatenate([image.ravel(), answer[0]]).astype("<f4").tofile(FOLDER / f"{n.name}.f32")


def keras_cnn():
    """As tf2onnx writes a Keras classifier: NHWC outside, transposes, MatMul and Add."""
    n = Network("keras-cnn", 17, [("input", ["unk__1", 10, 10, 2])], [("Identity:0", ["unk__2", 4])], "tf2onnx")
    x = n.node("Transpose", ["input"], perm=[0, 3, 1, 2])
    x = n.node("Conv", [x, weights(4, 2, 3, 3), weights(4)], strides=[2, 2], auto_pad="SAME_UPPER")
    x = n.node("Relu", [x])
    x = n.node("AveragePool", [x], kernel_shape=[2, 2], strides=[2, 2])
    x = n.node("Transpose", [x], perm=[0, 2, 3, 1])
    x = n.node("Reshape", [x, ints(-1, 16)])
    x = n.node("MatMul", [x, weights(16, 4)])
    x = n.node("Add", [x, weights(4)])
    n.node("Softmax", [x], "Identity:0")
    n.save()


def convolutions():
    outputs = [("asymmetric", None), ("dilated", None), ("grouped", None), ("depthwise", None), ("upper", None),
               ("lower", None), ("valid", None)]
    n = Network("convolutions", 14, [("x", ["N", 4, 7, 6])], outputs)
    n.node("Conv", ["x", weights(3, 4, 3, 2), weights(3)], "asymmetric", pads=[1, 0, 2, 1], strides=[2, 1])
    n.node("Conv", ["x", weights(3, 4, 3, 3)], "dilated", dilations=[2, 2], pads=[2, 2, 2, 2])
    n.node("Conv", ["x", weights(6, 2, 3, 3), weights(6)], "grouped", group=2)
    n.node("Conv", ["x", weights(8, 1, 3, 3), weights(8)], "depthwise", group=4, pads=[1, 1, 1, 1])
    n.node("Conv", ["x", weights(3, 4, 2, 3)], "upper", auto_pad="SAME_UPPER", strides=[2, 2])
    n.node("Conv", ["x", weights(3, 4, 2, 3)], "lower", auto_pad="SAME_LOWER", strides=[2, 2])
    n.node("Conv", ["x", weights(3, 4, 3, 3)], "valid", auto_pad="VALID")
    n.save()


def pools():
    names = ["max", "max_ceil", "max_dilated", "max_same", "mean", "mean_ceil", "mean_counting", "mean_counting_ceil",
             "mean_same", "global_max", "global_mean"]
    n = Network("pools", 12, [("x", ["N", 2, 7, 8])], [(name, None) for name in names])
    n.node("MaxPool", ["x"], "max", kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 1])
    n.node("MaxPool", ["x"], "max_ceil", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    n.node("MaxPool", ["x"], "max_dilated", kernel_shape=[2, 2], dilations=[2, 3], pads=[1, 1, 1, 1], strides=[2, 1])
    n.node("MaxPool", ["x"], "max_same", kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_LOWER")
    n.node("AveragePool", ["x"], "mean", kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 1])
    n.node("AveragePool", ["x"], "mean_ceil", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    n.node("AveragePool", ["x"], "mean_counting", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    n.node("AveragePool", ["x"], "mean_counting_ceil", kernel_shape=[2, 3], strides=[2, 2], pads=[0, 1, 0, 1],
           count_include_pad=1, ceil_mode=1)
    n.node("AveragePool", ["x"], "mean_same", kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
    n.node("GlobalMaxPool", ["x"], "global_max")
    n.node("GlobalAveragePool", ["x"], "global_mean")
    n.save()


def sequences():
    """Convolutions and pools of one dimension, as networks on sound and sensors have them."""
    names = ["plain", "padded", "strided", "grouped", "depthwise", "same", "max", "mean", "deep", "largest"]
    n = Network("sequences", 17, [("x", ["N", 4, 11])], [(name, None) for name in names])
    n.node("Conv", ["x", weights(3, 4, 3), weights(3)], "plain", kernel_shape=[3])
    n.node("Conv", ["x", weights(3, 4, 5)], "padded", pads=[1, 3])
    n.node("Conv", ["x", weights(3, 4, 3)], "strided", strides=[2], dilations=[2])
    n.node("Conv", ["x", weights(6, 2, 3), weights(6)], "grouped", group=2)
    n.node("Conv", ["x", weights(8, 1, 3), weights(8)], "depthwise", group=4, pads=[1, 1])
    n.node("Conv", ["x", weights(3, 4, 4)], "same", auto_pad="SAME_UPPER", strides=[2])
    n.node("MaxPool", ["x"], "max", kernel_shape=[3], strides=[2], pads=[1, 1])
    n.node("AveragePool", ["x"], "mean", kernel_shape=[2], strides=[2], ceil_mode=1)
    y = n.node("Relu", [n.node("Conv", ["x", weights(5, 4, 3), weights(5)], pads=[1, 1])])
    y = n.node("BatchNormalization", [y, weights(5), weights(5), weights(5), np.abs(weights(5)) + 0.1])
    y = n.node("MaxPool", [y], kernel_shape=[2], strides=[2])
    y = n.node("Conv", [y, weights(6, 5, 3)])
    y = n.node("GlobalAveragePool", [y])
    n.node("Gemm", [n.node("Flatten", [y]), weights(4, 6), weights(4)], "deep", transB=1)
    n.node("ReduceMax", ["x"], "largest", axes=[2], keepdims=0)
    n.save()


def dilated_means():
    n = Network("dilated-means", 19, [("x", ["N", 2, 7, 7])], [("plain", None), ("padded", None), ("counting", None)])
    for name, more in [("plain", {}), ("padded", {"pads": [1, 1, 1, 1]}),
                       ("counting", {"pads": [1, 1, 1, 1], "count_include_pad": 1})]:
        n.node("AveragePool", ["x"], name, kernel_shape=[2, 2], dilations=[2, 2], **more)
    n.save()


def activations():
    ops = [("Relu", {}), ("LeakyRelu", {"alpha": 0.2}), ("Elu", {"alpha": 0.7}), ("Sigmoid", {}), ("Tanh", {}),
           ("HardSigmoid", {"alpha": 0.3, "beta": 0.4}), ("HardSwish", {}), ("Exp", {}), ("Abs", {}), ("Neg", {}),
           ("Softmax", {"axis": 1}), ("LogSoftmax", {"axis": -2})]
    n = Network("activations", 14, [("x", ["N", 3, 4])],
                [(op.lower(), None) for op, _ in ops] + [(o, None) for o in (
                    "log", "sqrt", "reciprocal", "clip", "low", "relu6", "prelu", "prelus", "identity", "dropout")])
    for op, attributes in ops:
        n.node(op, ["x"], op.lower(), **attributes)
    positive = n.node("Add", [n.node("Abs", ["x"]), np.float32(0.5)])
    n.node("Log", [positive], "log")
    n.node("Sqrt", [positive], "sqrt")
    n.node("Reciprocal", [positive], "reciprocal")
    n.node("Clip", ["x", np.float32(-0.3), np.float32(0.4)], "clip")
    n.node("Clip", ["x", "", np.float32(0.2)], "low")
    n.node("Clip", [n.node("Mul", ["x", np.float32(9)]), np.float32(0), np.float32(6)], "relu6")
    n.node("PRelu", ["x", np.array([0.25], np.float32)], "prelu")
    n.node("PRelu", ["x", weights(3, 1)], "prelus")
    n.node("Identity", ["x"], "identity")
    n.node("Dropout", ["x"], "dropout")
    n.save()


def old_operators():
    """Operator set 9: attributes where newer ones take operands, softmax over flattened axes."""
    names = ["softmax", "softmax_middle", "clip", "pad", "slice", "upsample", "squeeze", "sum", "split0", "split1"]
    n = Network("old-operators", 9, [("x", ["N", 2, 4, 6])], [(name, None) for name in names])
    n.node("Softmax", ["x"], "softmax")
    n.node("Softmax", ["x"], "softmax_middle", axis=2)
    n.node("Clip", ["x"], "clip", min=-0.5, max=0.25)
    n.node("Pad", ["x"], "pad", pads=[0, 0, 1, 2, 0, 0, 0, 1], value=0.5)
    n.node("Slice", ["x"], "slice", axes=[2, 3], starts=[1, -4], ends=[4, 1000])
    n.node("Upsample", ["x", np.array([1, 1, 2, 3], np.float32)], "upsample", mode="nearest")
    n.node("Squeeze", [n.node("Unsqueeze", ["x"], axes=[1, 5])], "squeeze", axes=[-1])
    n.node("ReduceSum", ["x"], "sum", axes=[1, -1], keepdims=0)
    n.node("Split", ["x"], ["split0", "split1"], axis=2, split=[1, 3])
    n.save()


def arithmetic():
    names = ["add", "sub", "mul", "div", "pow", "max", "min", "sum", "mean", "channels"]
    n = Network("arithmetic", 15, [("x", ["N", 2, 3, 4]), ("y", ["N", 2, 1, 4])], [(name, None) for name in names])
    n.node("Add", ["x", "y"], "add")
    n.node("Sub", ["x", weights(4)], "sub")
    n.node("Mul", [weights(3, 1), "x"], "mul")
    n.node("Div", ["x", np.abs(weights(2, 3, 4)) + 0.5], "div")
    n.node("Pow", [n.node("Abs", ["x"]), np.array(3, np.int64)], "pow")
    n.node("Max", ["x", "y", np.float32(0.1)], "max")
    n.node("Min", ["x", "y"], "min")
    n.node("Sum", ["x", "y", weights(4)], "sum")
    n.node("Mean", ["x", "y"], "mean")
    n.node("Add", [n.node("Mul", ["x", weights(1, 2, 1, 1)]), weights(2, 1, 1)], "channels")
    n.save()


def products():
    names = ["gemm", "gemm_computed", "matmul", "matmul_batched", "matmul_computed", "vector"]
    n = Network("products", 13, [("a", [1, 6]), ("b", ["N", 3, 4])], [(name, None) for name in names])
    n.node("Gemm", ["a", weights(6, 5), weights(1, 5)], "gemm", alpha=0.5, beta=0.25)
    square = n.node("Reshape", ["a", ints(2, 3)])
    n.node("Gemm", [square, square, np.float32(0.5)], "gemm_computed", transA=1, alpha=2.0)
    n.node("MatMul", ["b", weights(4, 5)], "matmul")
    n.node("MatMul", ["b", weights(2, 4, 3)], "matmul_batched")
    n.node("MatMul", ["b", n.node("Transpose", ["b"], perm=[0, 2, 1])], "matmul_computed")
    n.node("MatMul", ["b", weights(4)], "vector")
    n.save()


def reductions():
    names = ["mean", "mean_all", "sum", "maximum", "minimum", "maximum_all"]
    n = Network("reductions", 18, [("x", ["N", 3, 4, 5])], [(name, None) for name in names])
    n.node("ReduceMean", ["x", ints(2, 3)], "mean", keepdims=0)
    n.node("ReduceMean", ["x"], "mean_all")
    n.node("ReduceSum", ["x", ints(-3)], "sum")
    n.node("ReduceMax", ["x", ints(1, 3)], "maximum", keepdims=0)
    n.node("ReduceMin", ["x", ints(2)], "minimum")
    n.node("ReduceMax", ["x"], "maximum_all", keepdims=1)
    n.save()


def movements():
    names = ["slice", "reversed", "gather", "pick", "row", "tile", "expand", "joined", "a", "b", "c", "blocks", "blocks2",
             "pixels", "padded", "cropped"]
    n = Network("movements", 18, [("x", ["N", 4, 4, 6])], [(name, None) for name in names])
    n.node("Slice", ["x", ints(1, 0), ints(4, 6), ints(2, 3), ints(2, 3)], "slice")
    n.node("Slice", ["x", ints(-1), ints(-100), ints(3), ints(-2)], "reversed")
    n.node("Gather", ["x", ints(2, 0, 3)], "gather", axis=1)
    n.node("Gather", ["x", ints(1, 3)], "pick", axis=2)
    n.node("Gather", ["x", np.array(-1, np.int64)], "row", axis=2)
    n.node("Tile", ["x", ints(1, 1, 2, 1)], "tile")
    n.node("Expand", [n.node("Slice", ["x", ints(0), ints(1), ints(1)]), ints(1, 3, 1, 1)], "expand")
    n.node("Concat", ["x", n.node("Neg", ["x"]), weights(1, 1, 4, 6)], "joined", axis=1)
    n.node("Split", ["x"], ["a", "b", "c"], axis=3, num_outputs=3)
    n.node("DepthToSpace", ["x"], "blocks", blocksize=2)
    n.node("DepthToSpace", ["x"], "blocks2", blocksize=2, mode="CRD")
    n.node("SpaceToDepth", ["x"], "pixels", blocksize=2)
    n.node("Pad", ["x", ints(1, 2), np.float32(0.25), ints(3)], "padded")
    n.node("Pad", ["x", ints(0, 0, -1, 2, 0, 0, 0, -2)], "cropped")
    n.save()


def resizes():
    names = ["asymmetric", "half", "corners", "pytorch", "sizes"]
    n = Network("resizes", 13, [("x", ["N", 2, 3, 4])], [(name, None) for name in names])
    scales = np.array([1, 1, 2, 2], np.float32)
    n.node("Resize", ["x", "", scales], "asymmetric", coordinate_transformation_mode="asymmetric",
           nearest_mode="floor")
    n.node("Resize", ["x", "", scales], "half")
    n.node("Resize", ["x", "", "", ints(1, 2, 5, 7)], "corners", coordinate_transformation_mode="align_corners",
           nearest_mode="round_prefer_ceil")
    n.node("Resize", ["x", "", scales], "pytorch", coordinate_transformation_mode="pytorch_half_pixel")
    shape = n.node("Shape", ["x"])
    spatial = n.node("Mul", [n.node("Slice", [shape, ints(2), ints(4)]), ints(3, 2)])
    sizes = n.node("Concat", [n.node("Slice", [shape, ints(0), ints(2)]), spatial], axis=0)
    n.node("Resize", ["x", "", "", sizes], "sizes", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    n.save()


def shape_arithmetic():
    """Integers only: what exporters leave of view, flatten and arange."""
    n = Network("shape-arithmetic", 14, [("x", ["N", 2, 3, 4])], [("viewed", None), ("squeezed", None), ("ranged", None)])
    shape = n.node("Shape", ["x"])
    last = n.node("Gather", [shape, ints(3)], axis=0)
    half = n.node("Div", [last, ints(2)])
    rest = n.node("ReduceProd", [n.node("Slice", [shape, ints(1), ints(3)])], keepdims=1)
    start = n.node("Cast", [n.node("Cast", [n.node("Gather", [shape, ints(0)]), ], to=T.FLOAT)], to=T.INT64)
    target = n.node("Concat", [start, n.node("Mul", [rest, half]), ints(2)], axis=0)
    is_zero = n.node("Equal", [target, ints(0)])
    target = n.node("Where", [is_zero, n.node("ConstantOfShape", [ints(3)], value=nh.from_array(ints(1))), target])
    n.node("Reshape", ["x", target], "viewed")
    n.node("Squeeze", [n.node("Unsqueeze", ["x", ints(0, 2)]), ints(0)], "squeezed")
    numbers = n.node("Range", [np.array(0, np.int64), n.node("Squeeze", [last]), np.array(1, np.int64)])
    n.node("Mul", ["x", n.node("Cast", [numbers], to=T.FLOAT)], "ranged")
    n.save()


def patterns():
    """What exporters take apart: softmax, ReLU6 by Min and Max, leaky ReLU and clipping by Where."""
    n = Network("patterns", 13, [("x", ["N", 3, 5])], [("softmax", None), ("relu6", None), ("leaky", None), ("low", None)])
    top = n.node("ReduceMax", ["x"], axes=[-1], keepdims=1)
    e = n.node("Exp", [n.node("Sub", ["x", top])])
    n.node("Div", [e, n.node("ReduceSum", [e, ints(-1)])], "softmax")
    n.node("Min", [n.node("Max", ["x", np.float32(0)]), np.float32(6)], "relu6")
    n.node("Where", [n.node("Less", ["x", np.float32(0)]), n.node("Mul", ["x", np.float32(0.1)]), "x"], "leaky")
    low = n.const(np.float32(-0.2), "low_end")
    n.node("Where", [n.node("Less", ["x", low]), low, "x"], "low")
    n.save()


def normalizations():
    names = ["images", "rows", "sequences"]
    n = Network("normalizations", 15, [("x", ["N", 3, 4, 2])], [(name, None) for name in names])
    def four():
        return [weights(3), weights(3), weights(3), np.abs(weights(3)) + 0.1]
    n.node("BatchNormalization", ["x"] + four(), "images", epsilon=0.001)
    mean = n.node("Reshape", [n.node("GlobalAveragePool", ["x"]), ints(0, -1)])
    n.node("BatchNormalization", [mean] + four(), "rows")
    n.node("BatchNormalization", [n.node("Reshape", ["x", ints(1, 3, 8)])] + four(), "sequences")
    n.save()


def element_types():
    """Constants in every float type and field."""
    n = Network("element-types", 15, [("x", ["N", 4])], [("y", None)])
    values = [0.5, -1.25, 3.0, 0.0009765625]
    typed = [
        h.make_tensor("raw16", T.FLOAT16, [4], np.array(values, np.float16).tobytes(), raw=True),
        h.make_tensor("typed16", T.FLOAT16, [4], np.array(values, np.float16)),
        h.make_tensor("raw64", T.DOUBLE, [4], np.array(values, np.float64).tobytes(), raw=True),
        h.make_tensor("typed64", T.DOUBLE, [4], values),
        h.make_tensor("brain", T.BFLOAT16, [4], values),
        h.make_tensor("typed32", T.FLOAT, [4], values),
        h.make_tensor("int8", T.INT8, [4], [-1, 2, -3, 4]),
        h.make_tensor("uint8", T.UINT8, [4], [250, 2, 3, 4]),
        h.make_tensor("int32", T.INT32, [4], [-70000, 2, 3, 4]),
        h.make_tensor("bool", T.BOOL, [4], [1, 0, 1, 1]),
    ]
    x = "x"
    for tensor in typed:
        cast = n.node("Cast", [n.const(tensor, tensor.name)], to=T.FLOAT)
        x = n.node("Add", [x, cast])
    n.node("Identity", [x], "y")
    n.save()


def byte_input():
    n = Network("byte-input", 13, [("pixels", ["N", 2, 3], T.UINT8)], [("y", None)])
    n.node("Div", [n.node("Cast", ["pixels"], to=T.FLOAT), np.float32(255)], "y")
    n.save(fed=[np.array([[[0, 1, 2], [128, 254, 255]]], np.float32)])


def external_data():
    n = Network("external-data", 13, [("x", ["N", 6])], [("y", ["N", 3])])
    n.node("Gemm", ["x", n.const(weights(6, 3), "weights"), n.const(weights(3), "bias")], "y")
    n.save()
    (FOLDER / "external-data.weights").unlink(missing_ok=True)  # onnx would append to it
    onnx.save(n.model(), FOLDER / "external-data.onnx", save_as_external_data=True, location="external-data.weights",
              size_threshold=0)


def stored_integers():
    """Weights stored as int8 and uint8, one scale each or one a channel."""
    n = Network("stored-integers", 13, [("x", ["N", 6])], [("y", ["N", 3])])
    first = n.node("DequantizeLinear", [random.integers(-127, 128, (6, 4), np.int8), np.abs(weights(4)),
                                        np.zeros(4, np.int8)], axis=1)
    second = n.node("DequantizeLinear", [random.integers(0, 256, (4, 3), np.uint8), np.float32(0.01), np.uint8(128)])
    n.node("MatMul", [n.node("MatMul", ["x", first]), second], "y")
    n.save()


def functions():
    """Functions and normalisations that are put together from simpler ones. Outputs stay near 1, where floats agree."""
    ops = [("Erf", {}), ("Softplus", {}), ("Softsign", {}), ("Selu", {}), ("Celu", {"alpha": 0.7}), ("Mish", {}),
           ("Gelu", {}), ("Gelu", {"approximate": "tanh"})]
    names = [f"{op.lower()}{k}" for k, (op, _) in enumerate(ops)]
    more = ["layer", "instance", "reflect", "edge", "where"]
    n = Network("functions", 20, [("x", ["N", 3, 4, 5])], [(name, None) for name in names + more])
    for (op, attributes), name in zip(ops, names):
        n.node(op, ["x"], name, **attributes)
    n.node("LayerNormalization", ["x", weights(4, 5), weights(4, 5)], "layer", axis=2)
    n.node("InstanceNormalization", ["x", weights(3), weights(3)], "instance")
    n.node("Pad", ["x", ints(0, 0, 2, 1, 0, 0, 1, 3)], "reflect", mode="reflect")
    n.node("Pad", ["x", ints(0, 0, 2, 1, 0, 0, 1, 3)], "edge", mode="edge")
    curve = n.node("Log", [n.node("Add", [n.node("Exp", ["x"]), np.float32(1)])])
    n.node("Where", [n.node("Greater", ["x", np.float32(20)]), "x", curve], "where")
    n.save()


def main():
    for draw in [pytorch_cnn, pytorch_fixed_batch, keras_cnn, convolutions, pools, dilated_means, activations,
                 old_operators, arithmetic, products, reductions, movements, resizes, shape_arithmetic, patterns,
                 normalizations, element_types, byte_input, external_data, stored_integers, functions, sequences]:
        draw()


if __name__ == "__main__":
    main()
