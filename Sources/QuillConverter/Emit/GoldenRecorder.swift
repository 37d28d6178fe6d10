import Quill

/// Runs the golden inputs through a file that has room for their answers, writes the answers in and seals the file.
enum GoldenRecorder {
  static func record(in bytes: [UInt8]) throws(ConverterError) -> [UInt8] {
    var result = bytes
    FlatFileSeal.seal(&result)
    do throws(ModelError) {
      let model = try Model(copying: result.span)
      var engine = Engine(for: model)
      let section = model.sections[.golden]
      var position = section.offset + 8
      let seed = (0..<8).reduce(UInt64(0)) { $0 | UInt64(result[section.offset + $1]) << UInt64(8 * $1) }
      for number in 0..<GoldenVectors.caseCount {
        engine.setGoldenInputs(of: model, seed: seed, case: number)
        for index in 0..<model.operatorCount {
          engine.step(model, operator: index)
          let sum = engine.checksum(of: model.outputIndex(index), in: model)
          result.replaceSubrange(position..<position + 4, with: sum.littleEndianBytes)
          position += 4
        }
        let start = position
        for output in 0..<model.outputCount {
          for index in 0..<model.tensors[model.outputTensor(output)].count {
            result[position] = UInt8(bitPattern: engine.outputValue(index, at: output, of: model))
            position += 1
          }
        }
        position = start + (position - start + 3) / 4 * 4
      }
    } catch {
      throw .rejected(error.description)
    }
    FlatFileSeal.seal(&result)
    return result
  }
}

/// The checksum in the header.
package enum FlatFileSeal {
  /// Writes the CRC-32C of every other byte into the header.
  package static func seal(_ bytes: inout [UInt8]) {
    let field = FileHeader.checksumOffset..<FileHeader.checksumOffset + 4
    let sum = checksum(of: bytes.span, without: field)
    bytes.replaceSubrange(field, with: sum.littleEndianBytes)
  }

  private static func checksum(of file: Span<UInt8>, without field: Range<Int>) -> UInt32 {
    var sum = CRC32C()
    sum.update(file.extracting(..<field.lowerBound))
    sum.update(file.extracting(field.upperBound...))
    return sum.value
  }
}
