"""Makes operators.json: int8 models of one operator, their inputs, and what two runtimes' reference kernels answer.

python3 -m venv v && v/bin/pip install ai-edge-litert==2.3.0 && v/bin/pip install --pre tflite-micro
v/bin/python make-fixtures.py     (made with tflite-micro 0.dev20261023182759)
"""
import base64
import json
import os
import pickle

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

B = schema.BuiltinOperator
rng = np.random.default_rng(20261121)
TYPES = {"int8": 9, "int32": 2}
found = {}


class Model:
    def __init__(self):
        self.model, self.graph = schema.ModelT(), schema.SubGraphT()
        self.model.version, self.model.subgraphs, self.model.buffers = 3, [self.graph], [schema.BufferT()]
        self.model.operatorCodes = []
        self.graph.tensors, self.graph.operators, self.graph.inputs, self.graph.outputs = [], [], [], []

    def tensor(self, shape, scale=None, zero=0, data=None, axis=0, kind="int8"):
        tensor = schema.TensorT()
        tensor.shape, tensor.type, tensor.buffer = list(shape), TYPES[kind], 0
        tensor.name = f"t{len(self.graph.tensors)}".encode()
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(data, dtype=kind).tobytes(), np.uint8)
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
        if scale is not None:
            quantization = schema.QuantizationParametersT()
            quantization.scale = np.atleast_1d(np.float32(scale))
            quantization.zeroPoint = np.full(quantization.scale.shape, zero, np.int64)
            quantization.quantizedDimension = axis
            tensor.quantization = quantization
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def node(self, name, inputs, outputs, options=None, version=2, **values):
        code = schema.OperatorCodeT()
        code.builtinCode, code.version = getattr(B, name), version
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        self.model.operatorCodes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = len(self.model.operatorCodes) - 1, inputs, outputs
        if options:
            operator.builtinOptions = getattr(schema, options + "T")()
            for key, value in values.items():
                setattr(operator.builtinOptions, key, value)
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, options)
        self.graph.operators.append(operator)

    def bytes(self):
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def litert(data, inputs, outputs):
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    runtime = Interpreter(model_content=data, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    runtime.allocate_tensors()
    for detail, value in zip(runtime.get_input_details(), inputs):
        runtime.set_tensor(detail["index"], value)
    runtime.invoke()
    return [runtime.get_tensor(d["index"]).ravel().tolist() for d in runtime.get_output_details()]


def micro(data, inputs, outputs):
    from tflite_micro.python.tflite_micro import runtime

    interpreter = runtime.Interpreter.from_bytes(data, arena_size=1_000_000)
    for index, value in enumerate(inputs):
        interpreter.set_input(value, index)
    interpreter.invoke()
    return [interpreter.get_output(k).ravel().tolist() for k in range(outputs)]


def guarded(function, *arguments):
    """In a child process, since a runtime may abort on what it refuses; None then."""
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            answer = pickle.dumps(function(*arguments))
        except Exception:
            answer = pickle.dumps(None)
        with os.fdopen(write, "wb") as stream:
            stream.write(answer)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        raw = stream.read()
    os.wait()
    return pickle.loads(raw) if raw else None


def keep(name, model, values=None):
    inputs = values or [rng.integers(-128, 128, model.graph.tensors[i].shape).astype(np.int8) for i in model.graph.inputs]
    data, outputs = model.bytes(), len(model.graph.outputs)
    entry = {"model": base64.b64encode(data).decode(), "inputs": [i.ravel().tolist() for i in inputs]}
    for key, function in (("litert", litert), ("tflite-micro", micro)):
        answer = guarded(function, data, inputs, outputs)
        if answer is not None:
            entry[key] = answer
    assert "litert" in entry or "tflite-micro" in entry, name
    found[name] = entry


def bilinear(name, size, target, zero, corners=False, centers=False):
    moved(f"bilinear-{name}", "RESIZE_BILINEAR", (1, *size, 2), [(1, *target, 2)], (list(target),), "ResizeBilinearOptions",
          ((0.05, zero), (0.05, zero)), alignCorners=corners, halfPixelCenters=centers)


def dead(name, code, weights, axis, options, **values):
    """A linear operator, some of whose channels are next to nothing: the bias, in steps of their weights, saturates."""
    model = Model()
    source, channels = model.tensor((1, 5, 6, 4), 0.05, 3), weights.shape[axis]
    scales = np.array([0.01, 1e-20, 3e-9, 0.02][:channels], np.float32)
    bias = np.array([100, -(2**31) + 1, 2**31 - 3_000_000, -300][:channels])
    kernel = model.tensor(weights.shape, scales, 0, data=weights, axis=axis)
    bias = model.tensor((channels,), scales * np.float32(0.05), 0, data=bias, kind="int32")
    if code == "FULLY_CONNECTED":
        shape = (1, channels)
    else:
        shape = (1, 4, 5, channels)
    model.graph.inputs, model.graph.outputs = [source], [model.tensor(shape, 0.04, -5)]
    model.node(code, [source, kernel, bias], model.graph.outputs, options, 5, **values)
    keep(name, model)


def sparse(name, weights, order, blocks, levels):
    """A fully connected layer whose sparse weights `DENSIFY` unpacks; a level is its size, or (segments, indices, width)."""
    model = Model()
    source, result = model.tensor((1, weights.shape[1]), 0.05, 3), model.tensor((1, weights.shape[0]), 0.3, -4)
    packed = model.tensor(weights.shape, 0.02, 0, data=weights[weights != 0])
    sparsity = schema.SparsityParametersT()
    sparsity.traversalOrder, sparsity.blockMap, sparsity.dimMetadata = order, blocks, []
    for level in levels:
        metadata = schema.DimensionMetadataT()
        metadata.format, metadata.denseSize = (0, level) if isinstance(level, int) else (1, 0)
        if metadata.format == 1:
            kind = (schema.Int32VectorT, schema.Uint16VectorT, schema.Uint8VectorT)[level[2] - 1]
            metadata.arraySegments, metadata.arrayIndices = kind(), kind()
            metadata.arraySegments.values, metadata.arrayIndices.values = level[0], level[1]
            metadata.arraySegmentsType = metadata.arrayIndicesType = level[2]
        sparsity.dimMetadata.append(metadata)
    model.graph.tensors[packed].sparsity = sparsity
    dense = model.tensor(weights.shape, 0.02, 0)
    bias = model.tensor((weights.shape[0],), 0.001, 0, data=np.arange(weights.shape[0]) * 100, kind="int32")
    model.graph.inputs, model.graph.outputs = [source], [result]
    model.node("DENSIFY", [packed], [dense], None, 1)
    model.node("FULLY_CONNECTED", [source, dense, bias], [result], "FullyConnectedOptions", 4)
    keep(name, model)


def unary(name, code, before, after, version=2, options=None, **values):
    model = Model()
    model.graph.inputs, model.graph.outputs = [model.tensor((1, 256), *before)], [model.tensor((1, 256), *after)]
    model.node(code, model.graph.inputs, model.graph.outputs, options, version, **values)
    keep(name, model, [np.arange(-128, 128).astype(np.int8).reshape(1, 256)])


def moved(name, code, shape, results, operands=(), options=None, scales=((0.05, 3), (0.05, 3)), first=False, version=2, **values):
    model = Model()
    source = model.tensor(shape, *scales[0])
    extra = [model.tensor(np.shape(o), *scales[0], data=o) if isinstance(o, np.ndarray)
             else model.tensor(np.shape(o), data=o, kind="int32") for o in operands]
    model.graph.inputs, model.graph.outputs = [source], [model.tensor(r, *scales[1]) for r in results]
    model.node(code, extra + [source] if first else [source] + extra, model.graph.outputs, options, version, **values)
    keep(name, model)


def arithmetic(name, code, shape, constant, scales, options=None, version=1, **values):
    model = Model()
    source = model.tensor(shape, *scales[0])
    data = rng.integers(20, 128, constant).astype(np.int8)
    operand = model.tensor(constant, *scales[1], data=data)
    model.graph.inputs, model.graph.outputs = [source], [model.tensor(shape, *scales[2])]
    model.node(code, [source, operand], model.graph.outputs, options, version, **values)
    keep(name, model)


def dilated():
    model = Model()
    source = model.tensor((1, 9, 8, 2), 0.05, 3)
    apart = model.tensor((4, 6, 6, 2), 0.05, 3)
    weights = model.tensor((3, 3, 3, 2), np.float32([0.01, 0.02, 0.005]), data=rng.integers(-127, 128, (3, 3, 3, 2)))
    bias = model.tensor((3,), np.float32([0.0005, 0.001, 0.00025]), data=rng.integers(-3000, 3000, 3), kind="int32")
    middle = model.tensor((4, 4, 4, 3), 0.3, -5)
    result = model.tensor((1, 8, 8, 3), 0.3, -5)
    block = model.tensor((2,), data=[2, 2], kind="int32")
    pads = model.tensor((2, 2), data=[[2, 1], [2, 2]], kind="int32")
    crops = model.tensor((2, 2), data=[[0, 0], [0, 0]], kind="int32")
    model.graph.inputs, model.graph.outputs = [source], [result]
    model.node("SPACE_TO_BATCH_ND", [source, block, pads], [apart], "SpaceToBatchNDOptions")
    model.node("CONV_2D", [apart, weights, bias], [middle], "Conv2DOptions", 3, padding=1, strideH=1, strideW=1,
               dilationHFactor=1, dilationWFactor=1)
    model.node("BATCH_TO_SPACE_ND", [middle, block, crops], [result], "BatchToSpaceNDOptions")
    keep("dilated-convolution", model)


def transposed(name, kernel, stride, padding, size, bias=True, activation=0):
    """A transposed convolution of a 4 x 5 image with 3 channels to 2."""
    model = Model()
    source = model.tensor((1, 4, 5, 3), 0.04, 3)
    shape = model.tensor((4,), data=[1, *size, 2], kind="int32")
    weights = model.tensor((2, *kernel, 3), [0.004, 0.007], data=rng.integers(-127, 128, (2, *kernel, 3)))
    operands = [shape, weights, source]
    if bias:
        operands.append(model.tensor((2,), [0.00016, 0.00028], data=[900, -700], kind="int32"))
    result = model.tensor((1, *size, 2), 0.05, -5)
    model.graph.inputs, model.graph.outputs = [source], [result]
    model.node("TRANSPOSE_CONV", operands, [result], "TransposeConvOptions", 4 if activation else 3, padding=padding,
               strideH=stride[0], strideW=stride[1], fusedActivationFunction=activation)
    keep(name, model)


unary("abs", "ABS", (0.02, 10), (0.031, -5))
unary("rsqrt", "RSQRT", (0.05, -128), (0.02, -128))
unary("sqrt", "SQRT", (0.05, -128), (0.02, -128))
unary("exp", "EXP", (0.02, 3), (0.04, -128))
unary("log", "LOG", (0.05, -128), (0.03, 0))
unary("neg", "NEG", (0.05, 0), (0.05, 0), 1)
unary("relu-0-to-1", "RELU_0_TO_1", (0.01, 0), (0.031, 10), 1)
unary("gelu", "GELU", (0.04, 3), (0.02, -100), options="GeluOptions", approximate=False)
arithmetic("prelu", "PRELU", (1, 4, 5, 3), (1, 1, 3), ((0.05, 3), (0.01, -7), (0.06, 5)))
arithmetic("div-scalar", "DIV", (1, 4, 5, 3), (1, 1, 1, 1), ((0.05, 3), (0.03, -7), (0.08, 5)), "DivOptions", 2)
arithmetic("div-channels", "DIV", (1, 4, 5, 3), (1, 1, 1, 3), ((0.05, 3), (0.03, -7), (0.08, 5)), "DivOptions", 2,
           fusedActivationFunction=1)
moved("padv2", "PADV2", (1, 4, 5, 3), [(1, 7, 7, 3)], ([[0, 0], [1, 2], [2, 0], [0, 0]], np.array(17, np.int8)), "PadV2Options")
for mode in (0, 1):
    moved(f"mirror-pad-{mode}", "MIRROR_PAD", (1, 4, 5, 3), [(1, 7, 7, 3)], ([[0, 0], [1, 2], [2, 0], [0, 0]],),
          "MirrorPadOptions", mode=mode)
moved("unpack", "UNPACK", (1, 3, 4), [(1, 4)] * 3, (), "UnpackOptions", num=3, axis=1)
moved("split", "SPLIT", (1, 4, 5, 6), [(1, 4, 5, 2)] * 3, (3,), "SplitOptions", first=True, numSplits=3)
moved("split-v", "SPLIT_V", (1, 4, 5, 6), [(1, 4, 1, 6), (1, 4, 4, 6)], ([1, -1], -2), "SplitVOptions", numSplits=2)
moved("gather", "GATHER", (1, 4, 5, 6), [(1, 4, 5, 3)], ([2, 0, 1],), "GatherOptions", axis=3)
moved("tile", "TILE", (1, 3, 4, 2), [(1, 6, 4, 6)], ([1, 2, 1, 3],), None, version=1)
moved("space-to-depth", "SPACE_TO_DEPTH", (1, 4, 6, 3), [(1, 2, 3, 12)], (), "SpaceToDepthOptions", blockSize=2)
moved("depth-to-space", "DEPTH_TO_SPACE", (1, 2, 3, 12), [(1, 4, 6, 3)], (), "DepthToSpaceOptions", version=1, blockSize=2)
for name in ("REDUCE_MAX", "REDUCE_MIN"):
    moved(name.lower(), name, (1, 5, 6, 4), [(1, 4)], ([1, 2],), "ReducerOptions")
    moved(name.lower() + "-last", name, (1, 5, 6, 4), [(1, 5, 6, 1)], ([-1],), "ReducerOptions", keepDims=True)
moved("strided-slice", "STRIDED_SLICE", (1, 6, 7, 4), [(1, 3, 4, 4)], ([0, 0, 0, 0], [1, 6, 7, 4], [1, 2, 2, 1]),
      "StridedSliceOptions")
moved("max-pool-other-scale", "MAX_POOL_2D", (1, 4, 4, 3), [(1, 2, 2, 3)], (), "Pool2DOptions", ((0.02, -3), (0.03, 1)),
      padding=1, strideW=2, strideH=2, filterWidth=2, filterHeight=2)
moved("pad-other-scale", "PAD", (1, 5), [(1, 9)], ([[0, 0], [1, 3]],), "PadOptions", ((0.05, 3), (0.04, 5)))
moved("reshape-alone", "RESHAPE", (1, 4, 5, 3), [(1, 60)], ([1, -1],), "ReshapeOptions", version=1, newShape=[1, -1])
pack = Model()
pack.graph.inputs, pack.graph.outputs = [pack.tensor((1, 3, 4), 0.05, 3) for _ in range(2)], [pack.tensor((1, 3, 2, 4), 0.05, 3)]
pack.node("PACK", pack.graph.inputs, pack.graph.outputs, "PackOptions", valuesCount=2, axis=2)
keep("pack", pack)
dilated()
transposed("transposed-2", (2, 2), (2, 2), 1, (8, 10))
transposed("transposed-3-same", (3, 3), (2, 2), 0, (8, 10), activation=1)
transposed("transposed-3-valid", (3, 3), (2, 2), 1, (9, 11), bias=False)
transposed("transposed-4-same", (4, 4), (2, 2), 0, (8, 10))
transposed("transposed-uneven", (3, 5), (1, 3), 0, (4, 14))
bilinear("2", (3, 4), (6, 8), 3, centers=True)
bilinear("2-corner", (3, 4), (6, 8), -128)
bilinear("4-by-1", (3, 2), (12, 2), 100, centers=True)
bilinear("8-corners", (3, 2), (17, 9), 1, corners=True)
bilinear("half", (6, 8), (3, 4), 3, centers=True)
bilinear("one-pixel", (1, 1), (3, 4), 3, centers=True)
few = np.zeros((4, 6), np.int8)
few[0, 1], few[0, 5], few[2, 0], few[3, 3], few[3, 4] = 5, -100, 127, 4, -3
for width in (1, 2, 3):
    sparse(f"sparse-{width}", few, [0, 1], [], [4, ([0, 2, 2, 3, 5], [1, 5, 0, 3, 4], width)])
blocks = np.zeros((4, 8), np.int8)
blocks[1, 4:], blocks[2, :4], blocks[3, 4:] = [1, -2, 3, 4], [5, 6, 7, -8], [9, 100, -127, 12]
sparse("sparse-blocks", blocks, [0, 1, 2], [1], [4, ([0, 0, 1, 2, 3], [1, 0, 1], 3), 4])
moved("softmax-600", "SOFTMAX", (1, 600), [(1, 600)], (), "SoftmaxOptions", ((0.05, 3), (1 / 256, -128)), beta=1.0)
window = {"padding": 1, "strideW": 1, "strideH": 1, "dilationWFactor": 1, "dilationHFactor": 1}
dead("dead-convolution", "CONV_2D", rng.integers(-127, 128, (4, 2, 2, 4)).astype(np.int8), 0, "Conv2DOptions",
     fusedActivationFunction=1, **window)
dead("dead-depthwise", "DEPTHWISE_CONV_2D", rng.integers(-127, 128, (1, 2, 2, 4)).astype(np.int8), 3,
     "DepthwiseConv2DOptions", depthMultiplier=1, **window)
dead("dead-dense", "FULLY_CONNECTED", rng.integers(-127, 128, (3, 120)).astype(np.int8), 0, "FullyConnectedOptions")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "operators.json"), "w") as file:
    json.dump(found, file, indent=None, separators=(",", ":"))
print(len(found), "models;", {k: sorted(set(("litert", "tflite-micro")) - set(v)) for k, v in found.items() if len(v) < 4})
