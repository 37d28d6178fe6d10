/// The operators that are read, by their names in ONNX's standard domain or onnxruntime's. The one registry:
/// `Importer.lower` switches over it without a `default`.
enum ONNXOperator: String, CaseIterable {
  case abs = "Abs"
  case add = "Add"
  case and = "And"
  case averagePool = "AveragePool"
  case batchNormalization = "BatchNormalization"
  case cast = "Cast"
  case castLike = "CastLike"
  case ceil = "Ceil"
  case celu = "Celu"
  case clip = "Clip"
  case concat = "Concat"
  case constant = "Constant"
  case constantOfShape = "ConstantOfShape"
  case conv = "Conv"
  case convInteger = "ConvInteger"
  case convTranspose = "ConvTranspose"
  case dequantizeLinear = "DequantizeLinear"
  case depthToSpace = "DepthToSpace"
  case div = "Div"
  case dropout = "Dropout"
  case elu = "Elu"
  case equal = "Equal"
  case erf = "Erf"
  case exp = "Exp"
  case expand = "Expand"
  case flatten = "Flatten"
  case floor = "Floor"
  case gather = "Gather"
  case gelu = "Gelu"
  case gemm = "Gemm"
  case globalAveragePool = "GlobalAveragePool"
  case globalMaxPool = "GlobalMaxPool"
  case greater = "Greater"
  case greaterOrEqual = "GreaterOrEqual"
  case groupNormalization = "GroupNormalization"
  case hardSigmoid = "HardSigmoid"
  case hardSwish = "HardSwish"
  case identity = "Identity"
  case instanceNormalization = "InstanceNormalization"
  case layerNormalization = "LayerNormalization"
  case leakyRelu = "LeakyRelu"
  case less = "Less"
  case lessOrEqual = "LessOrEqual"
  case log = "Log"
  case logSoftmax = "LogSoftmax"
  case matMul = "MatMul"
  case matMulInteger = "MatMulInteger"
  case max = "Max"
  case maxPool = "MaxPool"
  case mean = "Mean"
  case min = "Min"
  case mish = "Mish"
  case mod = "Mod"
  case mul = "Mul"
  case neg = "Neg"
  case not = "Not"
  case or = "Or"
  case pad = "Pad"
  case pow = "Pow"
  case pRelu = "PRelu"
  case qGemm = "QGemm"
  case qLinearAdd = "QLinearAdd"
  case qLinearAveragePool = "QLinearAveragePool"
  case qLinearConcat = "QLinearConcat"
  case qLinearConv = "QLinearConv"
  case qLinearGlobalAveragePool = "QLinearGlobalAveragePool"
  case qLinearLeakyRelu = "QLinearLeakyRelu"
  case qLinearMatMul = "QLinearMatMul"
  case qLinearMul = "QLinearMul"
  case qLinearSigmoid = "QLinearSigmoid"
  case qLinearSoftmax = "QLinearSoftmax"
  case quantizeLinear = "QuantizeLinear"
  case range = "Range"
  case reciprocal = "Reciprocal"
  case reduceMax = "ReduceMax"
  case reduceMean = "ReduceMean"
  case reduceMin = "ReduceMin"
  case reduceProd = "ReduceProd"
  case reduceSum = "ReduceSum"
  case relu = "Relu"
  case reshape = "Reshape"
  case resize = "Resize"
  case rmsNormalization = "RMSNormalization"
  case selu = "Selu"
  case shape = "Shape"
  case sigmoid = "Sigmoid"
  case size = "Size"
  case slice = "Slice"
  case softmax = "Softmax"
  case softplus = "Softplus"
  case softsign = "Softsign"
  case spaceToDepth = "SpaceToDepth"
  case split = "Split"
  case sqrt = "Sqrt"
  case squeeze = "Squeeze"
  case sub = "Sub"
  case sum = "Sum"
  case tanh = "Tanh"
  case tile = "Tile"
  case transpose = "Transpose"
  case unsqueeze = "Unsqueeze"
  case upsample = "Upsample"
  case `where` = "Where"

  /// How many operands the operator may have in the versions that are read; those up to the lower bound are needed.
  var operandCounts: ClosedRange<Int> {
    switch self {
    case .constant: 0...0
    case .abs, .averagePool, .cast, .ceil, .celu, .constantOfShape, .depthToSpace, .elu, .erf, .exp, .flatten, .floor,
      .gelu, .globalAveragePool, .globalMaxPool, .hardSigmoid, .hardSwish, .identity, .leakyRelu, .log, .logSoftmax,
      .maxPool, .mish, .neg, .not, .reciprocal, .relu, .selu, .shape, .sigmoid, .size, .softmax, .softplus, .softsign,
      .spaceToDepth, .sqrt, .tanh, .transpose:
      1...1
    case .add, .and, .castLike, .div, .equal, .expand, .gather, .greater, .greaterOrEqual, .less, .lessOrEqual,
      .matMul, .mod, .mul, .or, .pow, .pRelu, .reshape, .rmsNormalization, .sub, .tile:
      2...2
    case .range, .where, .groupNormalization, .instanceNormalization: 3...3
    case .layerNormalization: 2...3
    case .batchNormalization: 5...5
    case .reduceMax, .reduceMean, .reduceMin, .reduceProd, .reduceSum, .split, .squeeze, .unsqueeze, .upsample: 1...2
    case .clip, .dropout: 1...3
    case .conv, .convTranspose, .dequantizeLinear, .gemm, .quantizeLinear: 2...3
    case .convInteger, .matMulInteger: 2...4
    case .qLinearConv: 8...9
    case .qLinearMatMul: 8...8
    case .qLinearAdd, .qLinearMul: 7...8
    case .qLinearAveragePool, .qLinearGlobalAveragePool, .qLinearLeakyRelu, .qLinearSigmoid, .qLinearSoftmax: 4...5
    case .qGemm: 6...9
    case .qLinearConcat: 3...Int.max
    case .pad, .resize: 1...4
    case .slice: 1...5
    case .concat, .max, .mean, .min, .sum: 1...Int.max
    }
  }

  /// Whether a node of the given domain is meant: onnxruntime keeps most operators on integers in a domain of its own.
  func isIn(domain: String) -> Bool {
    switch self {
    case .qGemm, .qLinearAdd, .qLinearAveragePool, .qLinearConcat, .qLinearGlobalAveragePool, .qLinearLeakyRelu,
      .qLinearMul, .qLinearSigmoid, .qLinearSoftmax:
      domain == "com.microsoft"
    case .quantizeLinear, .dequantizeLinear: domain.isEmpty || domain == "com.microsoft"
    default: domain.isEmpty
    }
  }

  /// Whether the operator only moves or selects elements, so that integers keep their meaning.
  var movesElements: Bool {
    switch self {
    case .concat, .depthToSpace, .flatten, .gather, .identity, .maxPool, .pad, .reshape, .resize, .slice, .spaceToDepth,
      .split, .squeeze, .tile, .transpose, .unsqueeze, .upsample:
      true
    default: false
    }
  }

  /// Whether the operator on 8-bit integers is the same on the floats of the same value, or wraps around.
  var takesBytes: Bool {
    switch self {
    case .add, .clip, .less, .greater, .max, .min, .mul, .sub, .where, .relu: true
    default: movesElements
    }
  }
}
