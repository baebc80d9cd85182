// The numeric instructions of WebAssembly: code, operands and result of each.

/** Letters of types: `i` i32, `l` i64, `f` f32, `d` f64, `v` v128. */
export type Letter = "i" | "l" | "f" | "d" | "v";

/** An instruction that takes values and gives one. */
export interface Operation {
  /** 0 for the instructions of one byte; else the byte that comes first: 0xfc, or 0xfd for vectors. */
  readonly prefix: number;
  readonly code: number;
  readonly operands: readonly Letter[];
  readonly result: Letter;
}

/** Instructions of one prefix and signature whose codes follow each other: that of the first, and all names. */
type Run = readonly [prefix: number, signature: string, code: number, names: string];

const runs = [
  [0, "i>i", 0x45, "i32.eqz"],
  [0, "ii>i", 0x46, "i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u"],
  [0, "l>i", 0x50, "i64.eqz"],
  [0, "ll>i", 0x51, "i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u"],
  [0, "ff>i", 0x5b, "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge"],
  [0, "dd>i", 0x61, "f64.eq f64.ne f64.lt f64.gt f64.le f64.ge"],
  [0, "i>i", 0x67, "i32.clz i32.ctz i32.popcnt"],
  [
    0,
    "ii>i",
    0x6a,
    "i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr",
  ],
  [0, "l>l", 0x79, "i64.clz i64.ctz i64.popcnt"],
  [
    0,
    "ll>l",
    0x7c,
    "i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr",
  ],
  [0, "f>f", 0x8b, "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt"],
  [0, "ff>f", 0x92, "f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign"],
  [0, "d>d", 0x99, "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt"],
  [0, "dd>d", 0xa0, "f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign"],
  [0, "l>i", 0xa7, "i32.wrap_i64"],
  [0, "i>l", 0xac, "i64.extend_i32_s i64.extend_i32_u"],
  [0, "i>f", 0xb2, "f32.convert_i32_s f32.convert_i32_u"],
  [0, "d>f", 0xb6, "f32.demote_f64"],
  [0, "i>d", 0xb7, "f64.convert_i32_s f64.convert_i32_u"],
  [0, "l>d", 0xb9, "f64.convert_i64_s f64.convert_i64_u"],
  [0, "f>d", 0xbb, "f64.promote_f32"],
  [0, "f>i", 0xbc, "i32.reinterpret_f32"],
  [0, "d>l", 0xbd, "i64.reinterpret_f64"],
  [0, "i>f", 0xbe, "f32.reinterpret_i32"],
  [0, "l>d", 0xbf, "f64.reinterpret_i64"],
  [0xfc, "f>i", 0x0, "i32.trunc_sat_f32_s i32.trunc_sat_f32_u"],
  [0xfc, "d>i", 0x2, "i32.trunc_sat_f64_s i32.trunc_sat_f64_u"],
  [0xfc, "f>l", 0x4, "i64.trunc_sat_f32_s i64.trunc_sat_f32_u"],
  [0xfc, "d>l", 0x6, "i64.trunc_sat_f64_s i64.trunc_sat_f64_u"],
  [0xfd, "vv>v", 0xe, "i8x16.swizzle"],
  [0xfd, "i>v", 0xf, "i8x16.splat i16x8.splat i32x4.splat"],
  [0xfd, "l>v", 0x12, "i64x2.splat"],
  [0xfd, "f>v", 0x13, "f32x4.splat"],
  [0xfd, "d>v", 0x14, "f64x2.splat"],
  [
    0xfd,
    "vv>v",
    0x23,
    "i8x16.eq i8x16.ne i8x16.lt_s i8x16.lt_u i8x16.gt_s i8x16.gt_u i8x16.le_s i8x16.le_u i8x16.ge_s i8x16.ge_u",
  ],
  [
    0xfd,
    "vv>v",
    0x37,
    "i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u i32x4.gt_s i32x4.gt_u i32x4.le_s i32x4.le_u i32x4.ge_s i32x4.ge_u f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge f64x2.eq f64x2.ne f64x2.lt f64x2.gt f64x2.le f64x2.ge",
  ],
  [0xfd, "v>v", 0x4d, "v128.not"],
  [0xfd, "vv>v", 0x4e, "v128.and v128.andnot v128.or v128.xor"],
  [0xfd, "vvv>v", 0x52, "v128.bitselect"],
  [0xfd, "v>i", 0x53, "v128.any_true"],
  [0xfd, "v>v", 0x5e, "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4"],
  [0xfd, "v>v", 0x67, "f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest"],
  [0xfd, "v>v", 0x74, "f64x2.ceil f64x2.floor"],
  [0xfd, "v>v", 0x7a, "f64x2.trunc"],
  [0xfd, "v>v", 0x94, "f64x2.nearest"],
  [0xfd, "v>v", 0xa0, "i32x4.abs i32x4.neg"],
  [0xfd, "v>i", 0xa3, "i32x4.all_true i32x4.bitmask"],
  [0xfd, "vi>v", 0xab, "i32x4.shl i32x4.shr_s i32x4.shr_u"],
  [0xfd, "vv>v", 0xae, "i32x4.add"],
  [0xfd, "vv>v", 0xb1, "i32x4.sub"],
  [0xfd, "vv>v", 0xb5, "i32x4.mul i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u"],
  [0xfd, "v>v", 0xc0, "i64x2.abs i64x2.neg"],
  [0xfd, "v>i", 0xc3, "i64x2.all_true i64x2.bitmask"],
  [
    0xfd,
    "v>v",
    0xc7,
    "i64x2.extend_low_i32x4_s i64x2.extend_high_i32x4_s i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_u",
  ],
  [0xfd, "vi>v", 0xcb, "i64x2.shl i64x2.shr_s i64x2.shr_u"],
  [0xfd, "vv>v", 0xce, "i64x2.add"],
  [0xfd, "vv>v", 0xd1, "i64x2.sub"],
  [0xfd, "vv>v", 0xd5, "i64x2.mul i64x2.eq i64x2.ne i64x2.lt_s i64x2.gt_s i64x2.le_s i64x2.ge_s"],
  [0xfd, "v>v", 0xe0, "f32x4.abs f32x4.neg"],
  [0xfd, "v>v", 0xe3, "f32x4.sqrt"],
  [0xfd, "vv>v", 0xe4, "f32x4.add f32x4.sub f32x4.mul f32x4.div f32x4.min f32x4.max f32x4.pmin f32x4.pmax"],
  [0xfd, "v>v", 0xec, "f64x2.abs f64x2.neg"],
  [0xfd, "v>v", 0xef, "f64x2.sqrt"],
  [0xfd, "vv>v", 0xf0, "f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.min f64x2.max f64x2.pmin f64x2.pmax"],
  [
    0xfd,
    "v>v",
    0xf8,
    "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u",
  ],
  [0xfd, "vvv>v", 0x105, "f32x4.relaxed_madd"],
  [0xfd, "vvv>v", 0x107, "f64x2.relaxed_madd"],
] as const;

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;

/** The name of an instruction, as the standard writes it. */
export type OperationName = Words<(typeof runs)[number][3]>;

/** All instructions by name. */
export const operations = Object.fromEntries(
  (runs as readonly Run[]).flatMap(([prefix, signature, first, names]) => {
    const [operands = "", result] = signature.split(">") as [string, Letter];
    return names
      .split(" ")
      .map((name, i) => [name, { prefix, code: first + i, operands: [...operands] as Letter[], result }]);
  }),
) as unknown as Readonly<Record<OperationName, Operation>>;
