/**
 * What base-manager asks of `sanitize-html`, answered by DOMPurify.
 *
 * It is used for slider descriptions that hold markup: only the allowed tags and attributes stay, other elements
 * leave their text, scripts, styles and foreign languages (SVG, MathML) leave nothing.
 */
import DOMPurify from "dompurify";

interface Options {
  allowedTags: string[];
  /** Tag, or "*" for all, to the attributes it may have; one that ends in "*" stands for all that begin so. */
  allowedAttributes: Record<string, string[]>;
}

const SAFE_ADDRESS = /^(https?:|mailto:|#|\/|\.|data:image\/)/i;

/** Whether a tag may have an attribute; DOMPurify's own lists do not tell one tag from another. */
function allowed(tag: string, attribute: string, options: Options): boolean {
  const lists = [options.allowedAttributes["*"] ?? [], options.allowedAttributes[tag] ?? []].flat();
  return lists.some((name) => (name.endsWith("*") ? attribute.startsWith(name.slice(0, -1)) : name === attribute));
}

export default function sanitize(html: string, options: Options): string {
  // Hooks belong to an instance: this one has no other user.
  const purifier = DOMPurify(window);
  purifier.addHook("uponSanitizeAttribute", (node, attribute) => {
    const address = attribute.attrName === "href" || attribute.attrName === "src";
    attribute.keepAttr =
      allowed(node.tagName.toLowerCase(), attribute.attrName, options) &&
      (!address || SAFE_ADDRESS.test(attribute.attrValue.trim()));
  });
  return purifier.sanitize(html, {
    ALLOWED_TAGS: options.allowedTags,
    ALLOWED_ATTR: Object.values(options.allowedAttributes).flat().filter((name) => !name.endsWith("*")),
    ALLOW_ARIA_ATTR: true,
    ALLOW_DATA_ATTR: false,
    ALLOWED_URI_REGEXP: SAFE_ADDRESS,
    ADD_FORBID_CONTENTS: ["object"],
  });
}
