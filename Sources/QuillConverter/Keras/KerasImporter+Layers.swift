import QuillFloat

extension KerasImporter {
  /// Adds the nodes of one layer and answers its output.
  mutating func append(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    if call.layer.isFunction { return try function(call) }
    if call.layer.className.hasSuffix("1D"), call.inputs.count == 1, shape(call.inputs[0]).count == 3, !call.isLine {
      return try appendLine(call)
    }
    if call.inputs.count == 1, shape(call.inputs[0]).count == 4, try isTurning(call) { return try appendTurned(call) }
    let className = call.className
    if className == "Lambda" { throw call.failure(.customLayer(className)) }
    guard call.layer.isKerasClass else { throw call.failure(.customLayer(className)) }
    if Self.vanishing.contains(className) {
      try call.expectInputs(1...1)
      return call.inputs[0]
    }
    switch className {
    case "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate": return try merge(call)
    default: break
    }
    guard call.inputs.count == 1 else {
      throw call.failure(.unsupportedLayer("\(className) with \(call.inputs.count) inputs"))
    }
    switch className {
    case "Dense": return try dense(call)
    case "Conv2D", "Convolution2D": return try convolution(call)
    case "DepthwiseConv2D": return try depthwiseConvolution(call)
    case "SeparableConv2D", "SeparableConvolution2D": return try separableConvolution(call)
    case "Conv2DTranspose", "Convolution2DTranspose": return try transposedConvolution(call)
    case "MaxPooling2D", "MaxPool2D", "AveragePooling2D", "AvgPool2D": return try pool(call)
    case "GlobalAveragePooling2D", "GlobalAvgPool2D": return try globalAverage(call)
    case "GlobalMaxPooling2D", "GlobalMaxPool2D": return try globalMaximum(call)
    case "LayerNormalization": return try layerNormalization(call)
    case "RMSNormalization": return try rootMeanSquareNormalization(call)
    case "GroupNormalization": return try groupNormalization(call)
    case "RepeatVector": return try repeatVector(call)
    case "BatchNormalization": return try batchNormalization(call)
    case "Normalization": return try normalization(call)
    case "Rescaling": return try rescaling(call)
    case "Flatten", "Reshape", "Permute", "ZeroPadding2D", "Cropping2D", "UpSampling2D": return try arrange(call)
    case "Resizing": return try resizing(call)
    case "Activation": return try activation(call.option("activation"), on: call.inputs[0], call)
    case "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax": return try activationLayer(call)
    default: throw call.failure(.unsupportedLayer(className))
    }
  }

  /// Layers that do nothing at inference: regularisation, noise, and augmentation of training images.
  static let vanishing: Set<String> = [
    "InputLayer", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout",
    "GaussianDropout", "GaussianNoise", "ActivityRegularization", "Identity", "RandomFlip", "RandomRotation",
    "RandomZoom", "RandomTranslation", "RandomShear", "RandomPerspective", "RandomElasticTransform", "RandomContrast",
    "RandomBrightness", "RandomHue", "RandomSaturation", "RandomSharpness", "RandomColorDegeneration",
    "RandomColorJitter", "RandomGrayscale", "RandomInvert", "RandomPosterization", "RandomGaussianBlur",
    "RandomErasing", "RandomHeight", "RandomWidth", "RandAugment", "AugMix", "CutMix", "MixUp",
  ]

  /// The shape of a tensor.
  func shape(_ id: Graph.TensorID) -> [Int] { builder.graph[id].shape }

  /// Adds a node.
  mutating func node(
    _ operation: Operation, _ inputs: [Graph.TensorID], _ name: String, _ call: KerasCall, shape: [Int]? = nil
  ) throws(ImportError) -> Graph.TensorID {
    do throws(GraphError) {
      return try builder.append(operation, inputs, name: name, outputShape: shape)
    } catch {
      throw call.failure(.graph(error))
    }
  }

  /// Adds a constant.
  mutating func constant(
    _ name: String, _ tensor: FloatTensor, _ call: KerasCall
  ) throws(ImportError) -> Graph.TensorID {
    do throws(GraphError) {
      return try builder.constant("\(call.name)/\(name)", shape: tensor.shape, tensor.values)
    } catch {
      throw call.failure(.graph(error))
    }
  }

  /// The arrays of a layer, of those shapes.
  mutating func weights(_ call: KerasCall, _ shapes: [[Int]]) throws(ImportError) -> [FloatTensor] {
    let objects = try call.store.objects()
    guard objects.count >= shapes.count else {
      throw call.failure(.missingWeights(found: objects.count, expected: shapes.count))
    }
    var tensors: [FloatTensor] = []
    for (object, expected) in zip(objects, shapes) {
      let stored = try object.shape()
      // Kernels of sequences lack the axis of rows.
      let found = call.isLine && stored.count == expected.count - 1 && stored.count > 1 ? [1] + stored : stored
      guard found == expected else { throw call.failure(.weightShape(found: found, expected: expected)) }
      tensors.append(FloatTensor(shape: expected, values: try values(of: object, layer: call.name).values))
    }
    return tensors
  }
}
