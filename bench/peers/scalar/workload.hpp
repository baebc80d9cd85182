// The workload of the scalar benchmark, which bench/src/benchmarks/workload.ts states: the same loops on any number.
#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

struct Workload {
  std::int32_t layers;
  std::vector<double> inputs;
  long operations() const { return (long)inputs.size() * (5L * layers + 1); }
};

inline void readInto(std::FILE* file, void* target, std::size_t bytes) {
  if (std::fread(target, 1, bytes, file) != bytes) std::exit(2);
}

inline Workload readWorkload(const char* path) {
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) std::exit(2);
  std::int32_t head[2];
  readInto(file, head, sizeof head);
  Workload w{head[1], std::vector<double>(head[0])};
  readInto(file, w.inputs.data(), 8 * w.inputs.size());
  std::fclose(file);
  return w;
}

/** What the systems spell differently. */
template <class Number> struct Functions;

enum class Activation { relu, max, sin, exp };
constexpr Activation activations[16] = {
    Activation::relu, Activation::max, Activation::relu, Activation::max, Activation::relu, Activation::max,
    Activation::relu, Activation::sin, Activation::relu, Activation::max, Activation::relu, Activation::max,
    Activation::relu, Activation::max, Activation::relu, Activation::exp};

template <class Number> void mix(const std::vector<Number>& x, std::vector<Number>& s) {
  const std::size_t end = s.size() - 1;
  const Number first = s[0];
  for (std::size_t i = 0; i < end; i++) s[i] = s[i] * x[i] + s[i + 1] * x[end - i];
  s[end] = s[end] * x[end] + first * x[0];
}

template <class Number> void activate(const std::vector<Number>& x, std::vector<Number>& s, Activation activation) {
  typedef Functions<Number> F;
  switch (activation) {
    case Activation::relu: for (std::size_t i = 0; i < s.size(); i++) s[i] = F::relu(s[i]) + x[i]; break;
    case Activation::max: for (std::size_t i = 0; i < s.size(); i++) s[i] = F::maximum(s[i], x[i]); break;
    case Activation::sin: for (std::size_t i = 0; i < s.size(); i++) s[i] = F::sine(s[i]); break;
    default: for (std::size_t i = 0; i < s.size(); i++) s[i] = F::exponential(s[i] * x[i]);
  }
}

/** Runs the workload on any kind of number; `x` are its inputs, `s` is room for as many. */
template <class Number> Number runWorkload(const Workload& w, const std::vector<Number>& x, std::vector<Number>& s) {
  s = x;
  for (int layer = 0; layer < w.layers; layer++) {
    mix(x, s);
    activate(x, s, activations[layer % 16]);
  }
  Number total = s[0];
  for (std::size_t i = 1; i < s.size(); i++) total = total + s[i];
  return total;
}

inline double now() {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/** One line of times in nanoseconds for each repeat, and the gradient at the end, as text that loses no bit. */
inline void printTimes(double record, double reverse, double replay) {
  std::printf("times %.17g %.17g %.17g\n", record, reverse, replay);
}

inline void printGradient(const std::vector<double>& gradient) {
  std::printf("gradient");
  for (double g : gradient) std::printf(" %.17g", g);
  std::printf("\n");
}
