// What is made of a convolution before it first runs: constants of the columns that one multiply-add requantises, and Winograd's
// form of the weights.
//
// Why C: see convolution_avx512vnni.c, which includes it.

size_t quill_avx512vnni_transformed_bytes(const struct quill_convolution *c) {
  const size_t once = mayBeOnce(c) ? (size_t)columnCount(c) * sizeof(struct quill_once) : 0;
  const size_t winograd = isTransformed(c) ? (size_t)winogradBytes(c) : 0;
  return once + winograd > 0 ? sizeof(struct quill_form) + once + winograd : 0;
}

void quill_avx512vnni_transform(const struct quill_convolution *c, int16_t *to) {
  struct quill_form *const form = (struct quill_form *)to;
  *form = (struct quill_form){
    .bias = c->bias, .columns = columnCount(c), .runRows = c->runRows, .runColumns = c->runColumns};
  ptrdiff_t bytes = sizeof *form;
  if (mayBeOnce(c)) {
    form->once = (int32_t)bytes;
    makeOnce(c, (struct quill_once *)((int8_t *)to + bytes));
    bytes += columnCount(c) * (ptrdiff_t)sizeof(struct quill_once);
  }
  if (!isTransformed(c)) return;
  form->winograd = (int32_t)bytes;
  transformForWinograd(c, to + bytes / 2);
}
