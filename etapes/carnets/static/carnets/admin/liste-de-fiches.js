// A list of fiches in a text: its button opens the chooser of several fiches at once. What the list has already is left out, and said.
{
  const { ListBlock, ListBlockDefinition } = window.wagtailStreamField.blocks;

  class FicheList extends ListBlock {
    _onRequestInsert(index) {
      this.blockDef.childBlockDef.widget.openModal((chosen) => this.add(chosen, index), { multiple: true });
    }

    add(chosen, index) {
      const present = new Set(this.children.map((child) => key(child.block.widget.getState())));
      const added = chosen.filter((fiche) => !present.has(key(fiche)));
      const empty = this.children.filter((child) => !key(child.block.widget.getState()));
      added.forEach((fiche, place) => {
        const child = empty[place] || this.insert(null, index + place - Math.min(place, empty.length));
        child.block.widget.setStateFromModalData(fiche);
      });
      if (added.length < chosen.length) {
        const detail = { text: this.blockDef.meta.alreadyThere, type: "warning" };
        document.dispatchEvent(new CustomEvent("w-messages:add", { detail }));
      }
    }
  }

  class FicheListDefinition extends ListBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      return new FicheList(this, placeholder, prefix, initialState, initialError);
    }
  }

  const key = (fiche) => (fiche && fiche.id ? String(fiche.id) : "");

  window.telepath.register("rallynov.FicheList", FicheListDefinition);
}
