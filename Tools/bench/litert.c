// LiteRT's C library (libLiteRt.so of the ai-edge-litert wheel, 2.3), loaded with dlopen: one thread, on the CPU.
//
// Why C: Python's share of a call would be charged to the peer. The declarations restate what this file uses of LiteRT's
// public C interface (google-ai-edge/LiteRT, litert/c); its structs are ABI-stable by its own words.
#include "litert.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  int32_t elementType;
  struct {
    unsigned int rank : 7, hasStrides : 1;
    int32_t dimensions[8];
    uint32_t strides[8];
  } layout;
} TensorType;

enum { onlyCPU = 1, lockRead = 0, lockWrite = 1 };

struct litert {
  void *compiled, *buffers[2];
  size_t bytes[2];
  int (*run)(void *, size_t, size_t, void **, size_t, void **);
  int (*lock)(void *, void **, int);
  int (*unlock)(void *);
};

static void *library;

/// A function of the library; the process ends where it is absent.
static void *find(const char *name) {
  void *found = dlsym(library, name);
  if (!found) {
    fprintf(stderr, "litert: the library has no %s\n", name);
    exit(1);
  }
  return found;
}

static int failed(const char *what, int status) {
  if (status) fprintf(stderr, "litert: %s: status %d\n", what, status);
  return status;
}

static void keep(void *unused) { (void)unused; }

/// A buffer for one input or output, as large as the runtime asks.
static int makeBuffer(struct litert *peer, void *environment, void *model, int isOutput) {
  int (*signature)(void *, size_t, void **) = find("LiteRtGetModelSignature");
  int (*tensorOf)(void *, size_t, void **) =
    find(isOutput ? "LiteRtGetSignatureOutputTensorByIndex" : "LiteRtGetSignatureInputTensorByIndex");
  int (*typeOf)(void *, TensorType *) = find("LiteRtGetRankedTensorType");
  int (*requirementsOf)(void *, size_t, size_t, void **) =
    find(isOutput ? "LiteRtGetCompiledModelOutputBufferRequirements" : "LiteRtGetCompiledModelInputBufferRequirements");
  int (*make)(void *, const TensorType *, void *, void **) = find("LiteRtCreateManagedTensorBufferFromRequirements");
  void *first, *tensor, *requirements;
  TensorType type;
  if (failed("signature", signature(model, 0, &first)) || failed("tensor", tensorOf(first, 0, &tensor)) ||
      failed("tensor type", typeOf(tensor, &type)) ||
      failed("buffer requirements", requirementsOf(peer->compiled, 0, 0, &requirements)))
    return 1;
  peer->bytes[isOutput] = 1;
  for (unsigned int axis = 0; axis < type.layout.rank; axis++) {
    // A batch that the file leaves open is -1; the interpreter takes 1.
    if (type.layout.dimensions[axis] < 0) type.layout.dimensions[axis] = 1;
    peer->bytes[isOutput] *= (size_t)type.layout.dimensions[axis];
  }
  return failed("buffer", make(environment, &type, requirements, &peer->buffers[isOutput]));
}

struct litert *bench_litert_open(const char *libraryPath, const char *modelPath, const char *options) {
  library = dlopen(libraryPath, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "litert: %s\n", dlerror());
    return 0;
  }
  int (*makeEnvironment)(int, const void *, void **) = find("LiteRtCreateEnvironment");
  int (*makeModel)(void *, const char *, void **) = find("LiteRtCreateModelFromFile");
  int (*makeOptions)(void **) = find("LiteRtCreateOptions");
  int (*choose)(void *, int) = find("LiteRtSetOptionsHardwareAccelerators");
  int (*makeOpaque)(const char *, void *, void (*)(void *), void **) = find("LiteRtCreateOpaqueOptions");
  int (*addOpaque)(void *, void *) = find("LiteRtAddOpaqueOptions");
  int (*compile)(void *, void *, void *, void **) = find("LiteRtCreateCompiledModel");
  struct litert *peer = calloc(1, sizeof *peer);
  peer->run = find("LiteRtRunCompiledModel");
  peer->lock = find("LiteRtLockTensorBuffer");
  peer->unlock = find("LiteRtUnlockTensorBuffer");
  void *environment, *model, *chosen, *opaque;
  if (failed("environment", makeEnvironment(0, 0, &environment)) ||
      failed("model", makeModel(environment, modelPath, &model)) || failed("options", makeOptions(&chosen)) ||
      failed("accelerators", choose(chosen, onlyCPU)) ||
      failed("options of the CPU", makeOpaque("xnnpack", strdup(options), keep, &opaque)) ||
      failed("options of the CPU", addOpaque(chosen, opaque)) ||
      failed("compile", compile(environment, model, chosen, &peer->compiled)) ||
      makeBuffer(peer, environment, model, 0) || makeBuffer(peer, environment, model, 1)) {
    free(peer);
    return 0;
  }
  return peer;
}

/// Copies between a buffer and the caller's values.
static void exchange(struct litert *peer, int isOutput, void *values) {
  void *memory;
  if (failed("lock", peer->lock(peer->buffers[isOutput], &memory, isOutput ? lockRead : lockWrite))) exit(1);
  memcpy(isOutput ? values : memory, isOutput ? memory : values, peer->bytes[isOutput]);
  peer->unlock(peer->buffers[isOutput]);
}

void bench_litert_run(struct litert *peer, const int8_t *input, int8_t *output, size_t count) {
  for (size_t done = 0; done < count; done++) {
    exchange(peer, 0, (void *)input);
    if (failed("run", peer->run(peer->compiled, 0, 1, &peer->buffers[0], 1, &peer->buffers[1]))) exit(1);
    exchange(peer, 1, output);
  }
}
