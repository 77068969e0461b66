// Browser tests load what was built, so it must be what the sources say.
import { bundle } from "../../bin/bundle.js";

export default () => bundle(console.log);
