import CortexMBoard
import Quill

/// Opens the model that lies in flash, runs its golden inputs, and says what it took; status 0 where every operator gives
/// the bytes that the file carries.
@c(quill_cortex_m_main)
public func cortexMMain() -> Int32 {
  do throws(ModelError) {
    // The array is in flash for as long as the chip has power.
    let bytes = unsafe UnsafeRawBufferPointer(start: quill_model_start, count: quill_model_bytes)
    let model = try unsafe Model(ModelMemory(immortal: bytes))
    var engine = Engine(for: model)
    if GoldenVectors.verify(model, with: &engine) != nil {
      quill_print("different\n")
      return 1
    }
    quill_print("equal, pool ")
    quill_print_number(quill_pool_peak())
    quill_print(" stack ")
    quill_print_number(quill_stack_peak())
    quill_print("\n")
    return 0
  } catch {
    quill_print("no model\n")
    return 1
  }
}
