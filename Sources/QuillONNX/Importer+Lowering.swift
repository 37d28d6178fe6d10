import QuillFloat

/// Which method reads which operator.
extension Importer {
  /// Reads the current node: its results become constants, or tensors of the graph.
  mutating func lower(_ known: ONNXOperator) throws(ONNXError) {
    if try fold(known) { return }
    switch known {
    case .constant, .constantOfShape, .range, .shape, .size: try lowerShapeSource(known)
    case .conv: try lowerConvolution()
    case .convTranspose: try lowerTransposedConvolution()
    case .maxPool, .averagePool: try lowerPool(known)
    case .globalAveragePool, .globalMaxPool: try lowerGlobalPool(known)
    case .gemm: try lowerGemm()
    case .matMul: try lowerMatrixMultiply()
    case .batchNormalization: try lowerBatchNormalization()
    case .softmax, .logSoftmax: try lowerSoftmax(known)
    case .reduceMax, .reduceMean, .reduceMin, .reduceProd, .reduceSum: try lowerReduction(known)
    case .abs, .elu, .erf, .exp, .hardSigmoid, .hardSwish, .leakyRelu, .log, .neg, .reciprocal, .relu, .sigmoid,
      .softplus, .sqrt, .tanh:
      try lowerUnary(known)
    case .celu, .gelu, .mish, .selu, .softsign: try lowerFunction(known)
    case .layerNormalization: try lowerLayerNormalization()
    case .instanceNormalization: try lowerInstanceNormalization()
    case .groupNormalization: try lowerGroupNormalization()
    case .rmsNormalization: try lowerRootMeanSquareNormalization()
    case .clip: try lowerClip()
    case .pRelu: try lowerPRelu()
    case .identity, .dropout, .cast, .castLike: try lowerPassage(known)
    case .add, .sub, .mul, .div, .pow: try lowerBinary(known)
    case .max, .min, .sum, .mean: try lowerVariadic(known)
    case .less, .greater, .lessOrEqual, .greaterOrEqual: try lowerComparison(known)
    case .where: try lowerWhere()
    case .equal, .not, .and, .or, .ceil, .floor, .mod: try refuseComputed()
    case .reshape: try lowerReshape()
    case .flatten: try lowerFlatten()
    case .squeeze: try lowerSqueeze()
    case .unsqueeze: try lowerUnsqueeze()
    case .expand: try lowerExpand()
    case .tile: try lowerTile()
    case .transpose: try lowerTranspose()
    case .concat: try lowerConcat()
    case .split: try lowerSplit()
    case .slice: try lowerSlice()
    case .gather: try lowerGather()
    case .pad: try lowerPad()
    case .quantizeLinear: try lowerQuantization()
    case .dequantizeLinear: try lowerDequantization()
    case .convInteger, .qLinearConv: try lowerIntegerConvolution(known)
    case .matMulInteger, .qLinearMatMul: try lowerIntegerProduct(known)
    case .qLinearAdd, .qLinearMul, .qLinearAveragePool, .qLinearGlobalAveragePool, .qLinearSoftmax, .qLinearSigmoid,
      .qLinearLeakyRelu, .qLinearConcat, .qGemm:
      try lowerQLinear(known)
    case .depthToSpace, .spaceToDepth: try lowerDepthToSpace(known)
    case .resize, .upsample: try lowerResize()
    }
  }

  /// The error of an operator that is only read where its operands are constants.
  private mutating func refuseComputed() throws(ONNXError) {
    for position in node.inputs.indices {
      _ = try constant(position)
    }
  }
}
