import { maximum, minimum, neg, slice, squeeze, sub, type Tensor, zeros } from "@nonsmooth/ad-core";

const entry = (x: Tensor, i: number): Tensor => squeeze(slice(x, [i], [i + 1]));
export const f = (x: Tensor): Tensor => maximum(minimum(entry(x, 0), neg(entry(x, 1))), sub(entry(x, 1), entry(x, 0)));
export const inputs = [zeros([2])];
