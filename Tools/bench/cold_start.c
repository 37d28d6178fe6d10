// Starts programs in turns and measures each from before fork to after its end, and the most memory that it held.
//
// Why C: what starts the process must be small and quick itself. Usage: cold_start COUNT COMMAND..., each command one argument,
// its words parted by spaces. Prints a line for each: median and 10th percentile in microseconds, peak bytes resident.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { mostCommands = 8, mostWords = 32, mostSamples = 10001 };

static char *words[mostCommands][mostWords + 1];
static double samples[mostCommands][mostSamples];

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

/// Starts a command, its standard output thrown away.
static pid_t start(char **command, int traced) {
  const pid_t child = fork();
  if (child) return child;
  if (traced) ptrace(PTRACE_TRACEME, 0, 0, 0);
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) dup2(nowhere, STDOUT_FILENO);
  execv(command[0], command);
  _exit(127);
}

static void expectSuccess(char **command, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  fprintf(stderr, "cold_start: %s ended with status %d\n", command[0], WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  exit(1);
}

static double timed(char **command) {
  int status;
  const double before = microseconds();
  const pid_t child = start(command, 0);
  waitpid(child, &status, 0);
  const double taken = microseconds() - before;
  expectSuccess(command, status);
  return taken;
}

/// VmHWM of /proc/PID/status at the program's end. `ru_maxrss` would count this process too, which the child began as.
static long peakBytes(char **command) {
  int status;
  const pid_t child = start(command, 1);
  waitpid(child, &status, 0);
  ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACEEXIT);
  long peak = 0;
  int signal = 0;
  for (;;) {
    ptrace(PTRACE_CONT, child, 0, signal);
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) break;
    signal = status >> 16 ? 0 : WSTOPSIG(status);
    if (status >> 16 != PTRACE_EVENT_EXIT) continue;
    char path[64], line[200];
    snprintf(path, sizeof path, "/proc/%d/status", child);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
      if (sscanf(line, "VmHWM: %ld kB", &peak) == 1) break;
    if (file) fclose(file);
  }
  expectSuccess(command, status);
  return peak * 1024;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  const int count = argc > 2 ? atoi(argv[1]) : 0, commands = argc - 2;
  if (count < 1 || count > mostSamples || commands > mostCommands) {
    fprintf(stderr, "cold_start: usage: cold_start COUNT COMMAND..., at most %d\n", mostCommands);
    return 2;
  }
  for (int c = 0; c < commands; c++) {
    int word = 0;
    for (char *next = strtok(argv[c + 2], " "); next && word < mostWords; next = strtok(0, " ")) words[c][word++] = next;
  }
  for (int c = 0; c < commands; c++) timed(words[c]);
  for (int k = 0; k < count; k++)
    for (int c = 0; c < commands; c++) samples[c][k] = timed(words[c]);
  for (int c = 0; c < commands; c++) {
    qsort(samples[c], (size_t)count, sizeof **samples, ascending);
    printf("%.0f %.0f %ld\n", samples[c][count / 2], samples[c][count / 10], peakBytes(words[c]));
  }
}
